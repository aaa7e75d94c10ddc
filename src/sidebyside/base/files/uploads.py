"""Files while they are sent: what does not fit into memory lies on the disk sealed with a key that only this process
has, and that goes with it. Larger ones than any page takes are not kept at all."""

import logging
import secrets
import tempfile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from sidebyside.base.marking import N_

BLOCK = 16  # bytes of AES
TOO_MUCH_AT_ONCE = N_("The files that were sent together are too large. Send this one again, by itself.")
NO_ROOM = N_(
    "There is no room for this file here, or it cannot be written down. Try again later, and tell whoever runs this "
    "installation."
)

log = logging.getLogger(__name__)


class SealedFile:
    """A temporary file without a name, readable and writable as any, of which the disk holds only what is sealed.

    AES in counter mode under a key of its own: each place has its own stretch of the key stream, so that one may read
    from anywhere. It is written once, from its beginning to its end.
    """

    def __init__(self, folder: Any) -> None:
        # (unbuffered: what the disk has no room for is known at once, and not when it is closed)
        self._file: Any = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  (closed with the upload)
        self._key, self._nonce = secrets.token_bytes(32), secrets.token_bytes(8)
        self._at = 0
        self._writing = self._stream(0)

    def write(self, block: bytes) -> int:
        """Add a block at the end. Raises OSError where there is no room for it."""
        rest = memoryview(self._writing.update(block))
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(block)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place, as in any file."""
        self._at = self._file.seek(place, whence)
        return self._at

    def tell(self) -> int:
        """Where one is."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Read from where one is."""
        self._file.seek(self._at)
        sealed = self._file.read(size)
        found = self._stream(self._at).update(sealed)
        self._at += len(found)
        return found

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    @property
    def closed(self) -> bool:
        return self._file.closed

    def _stream(self, place: int) -> CipherContext:
        """What opens and seals from this place on."""
        counter = self._nonce + (place // BLOCK).to_bytes(8, "big")
        stream = Cipher(AES(self._key), CTR(counter)).encryptor()
        stream.update(bytes(place % BLOCK))
        return stream


class SealedUploads(FileUploadHandler):
    """Takes each file that is too large for memory into a sealed one. What the files of a form are together beyond
    `FILE_UPLOAD_LARGEST` is not kept, nor what the disk has no room for: such a file says that it is larger than any
    page takes, in `sent` how large it is, and in `unkept` why it is not here (a sentence for a catalogue)."""

    file: SealedFile
    room: int
    unkept: str

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.file = SealedFile(settings.FILE_UPLOAD_TEMP_DIR)
        self.room = getattr(self, "room", settings.FILE_UPLOAD_LARGEST)
        self.unkept = ""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        if len(raw_data) > self.room:
            self.unkept = self.unkept or TOO_MUCH_AT_ONCE
        if self.unkept:
            return
        try:
            self.file.write(raw_data)
            self.room -= len(raw_data)
        except OSError:
            log.exception("A file that is being sent cannot be written down.")
            self.unkept = NO_ROOM

    def file_complete(self, file_size: int) -> UploadedFile:
        """It is there."""
        self.file.seek(0)
        upload = UploadedFile(
            file=self.file,  # type: ignore[arg-type]  # (reads and seeks as a file does)
            name=self.file_name,
            content_type=self.content_type,
            size=max(file_size, settings.FILE_UPLOAD_LARGEST + 1) if self.unkept else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        upload.sent, upload.unkept = file_size, self.unkept  # type: ignore[attr-defined]  # (what `examine` asks)
        return upload

    def upload_interrupted(self) -> None:
        """It never came to its end."""
        if hasattr(self, "file"):
            self.file.close()
