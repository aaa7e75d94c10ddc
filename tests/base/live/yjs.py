"""Yjs updates written by hand, as no page writes them."""

from pycrdt import write_var_uint

NOTHING_DELETED = b"\x00"
ROOT = "text:aaaaaaaa"
CLIENT = 5
A_MAP = b"\x01"


def word(text):
    return write_var_uint(len(text.encode())) + text.encode()


def update(structs, *, client=CLIENT, clock=0, deleted=NOTHING_DELETED):
    """An update of one browser."""
    numbers = b"".join(write_var_uint(number) for number in (1, len(structs), client, clock))
    return numbers + b"".join(structs) + deleted


def in_root(content, type, *, root=ROOT, key=None):
    """A struct at the beginning of a root; `type` is the number of the content."""
    head, named = (type, b"") if key is None else (type | 0x20, word(key))
    return bytes((head, 1)) + word(root) + named + content


def inside(content, type, parent, *, client=CLIENT, key=None):
    """A struct inside the type with this clock."""
    head, named = (type, b"") if key is None else (type | 0x20, word(key))
    return bytes((head, 0)) + write_var_uint(client) + write_var_uint(parent) + named + content


def behind(content, type, left, *, client=CLIENT):
    """A struct that follows another one."""
    return bytes((type | 0x80,)) + write_var_uint(client) + write_var_uint(left) + content


def between(content, type, left, right, *, client=CLIENT):
    """A struct that follows one and stands before another."""
    ids = [write_var_uint(number) for number in (client, left, client, right)]
    return bytes((type | 0xC0,)) + b"".join(ids) + content


def in_parts(content=A_MAP, type=7):
    """A struct in the map `parts`."""
    return in_root(content, type, root="parts", key="a")


def nested(levels, *, start=0, client=CLIENT, **particulars):
    """Maps nested so deep: all from the one with the clock `start` on."""
    clocks = range(start, start + levels)
    structs = [inside(A_MAP, 7, at - 1, client=client, key="a") if at else in_parts() for at in clocks]
    return update(structs, client=client, clock=start, **particulars)


DELETES_THE_FIRST = bytes((1, CLIENT, 1, 0, 1))
