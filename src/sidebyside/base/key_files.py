"""The files of the master key: written whole or not at all, and held by whoever uses them."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

try:
    import fcntl
except ImportError:  # Windows has none; there nothing stops a rotation beside a running server
    # (a module in the stubs; what uses it asks whether it is there)
    fcntl = None  # type: ignore[assignment]

# The key in use; the one that a rotation is about to put in its place; the one that it replaced.
PRESENT, NEXT, FORMER = "master.key", "master.key.new", "master.key.old"
LOCK = "master.key.lock"
LENGTH = 32


class Unreadable(Exception):
    """The file is there but holds no master key."""


def new_key() -> bytes:
    """A new master key."""
    return AESGCM.generate_key(LENGTH * 8)


def read(path: Path) -> bytes | None:
    """The key in a file, None where there is no file. Raises Unreadable, which names the file and nothing of it."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        return None
    except ValueError:
        key = b""
    if len(key) != LENGTH:
        raise Unreadable(f"{path} does not hold a master key: {2 * LENGTH} digits from 0 to f.")
    return key


def write(path: Path, key: bytes) -> None:
    """Write a key to a file that its owner alone can read. After a power cut the file is there whole, or not."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    _move(part, path)


def put_in_place(folder: Path) -> None:
    """Make the next key the present one and keep the present one as the former.

    A break at any point leaves a present key, and the next one until it is the present one: then this is done again.
    """
    present = read(folder / PRESENT)
    if present is not None:
        write(folder / FORMER, present)
    _move(folder / NEXT, folder / PRESENT)


def _move(source: Path, target: Path) -> None:
    os.replace(source, target)
    if os.name != "nt":  # there a folder cannot be opened, and need not be
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Hold:
    """A hold on the master key of a folder: many share it while they use the key, one has it alone to change it.

    It ends with the process, however that ends. Two holds of one process stand in each other's way like those of two.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        """Use the key beside others; waits for whoever is changing it."""
        if fcntl:
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def take_alone(self) -> bool:
        """Whether nobody else uses the key now: then nobody can until this hold is shared or let go again.
        Otherwise nothing is held."""
        if fcntl:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_UN)
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def let_go(self) -> None:
        """Hold nothing any more."""
        os.close(self._handle)
