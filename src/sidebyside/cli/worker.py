"""The background worker: `python -m sidebyside.cli.worker`, started and stopped by `serving`."""

import os
import signal
import sys
import threading

SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    """Work through background jobs until told to stop, or until whoever started this is gone."""
    threading.Thread(target=stop_with_starter, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("db_worker", interval=SECONDS_BETWEEN_LOOKS, startup_delay=False, reload=False)


def stop_with_starter() -> None:
    """Wait for the end of standard input, which comes when the server has gone, even when it was killed."""
    sys.stdin.buffer.read()
    signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    main()
