"""What people write, before it is kept."""

from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused

LONGEST = 100_000


def accepted(text: str, *, longest: int = LONGEST) -> str:
    """Take what a person wrote and return it as it will be kept.

    Line ends become "\\n" and outer white space goes. Direction marks and emoji stay as they are.
    Raises Refused for more than `longest` characters, for NULs, and for halves of a character (lone
    surrogates), which no database can keep.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise Refused(
            _("This is %(length)s characters long; at most %(longest)s can be kept. Nothing was lost: shorten it here.")
            % {"length": f"{len(text):,}", "longest": f"{longest:,}"}
        )
    if "\0" in text:
        raise Refused(_("There is a character in this text that cannot be kept (a NUL). Please remove it."))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise Refused(
            _("Character %(place)s of this text is half a character and cannot be kept. Please write it again.")
            % {"place": fault.start + 1}
        ) from None
    return text


def required(text: str, *, longest: int = LONGEST) -> str:
    """As `accepted`, and refuses an empty text."""
    text = accepted(text, longest=longest)
    if not text:
        raise Refused(_("Please write something first."))
    return text
