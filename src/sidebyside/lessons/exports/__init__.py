"""A lesson to take along: as text, as one web page, and in print."""
