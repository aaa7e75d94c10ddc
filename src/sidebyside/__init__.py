"""Side by Side: a self-hosted place for teacher peer coaching."""

__version__ = "0.1.0"
