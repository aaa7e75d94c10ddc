"""What may stand in a log: no secret that an address holds, such as a link to sign in or to answer an invitation."""

import logging
import re

# The addresses whose last part is a secret; each with what stands before it.
SECRET = re.compile(r"(/(?:answers|cover/answer|feeds|enter|first-run)/)[^\s'\"]+")


def blanked(value: object) -> object:
    """A text, or what is written as one, without the secrets of addresses in it; a number stays as it is."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    without = SECRET.sub(r"\1...", text)
    return value if without == text else without


class WithoutSecrets(logging.Filter):
    """Blanks the secrets in the message of each record and in what is put into it. No record is held back."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns True: the record is written."""
        record.msg = blanked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(blanked, record.args))
        elif record.args:
            record.args = {name: blanked(value) for name, value in record.args.items()}
        return True
