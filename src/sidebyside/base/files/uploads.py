"""Files while they are sent: what does not fit into memory lies on the disk sealed with a key that only this process
has, and that goes with it. Larger ones than any page takes are not kept at all."""

import secrets
import tempfile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

BLOCK = 16  # bytes of AES


class SealedFile:
    """A temporary file without a name, readable and writable as any, of which the disk holds only what is sealed.

    AES in counter mode under a key of its own: each place has its own stretch of the key stream, so that one may read
    from anywhere. It is written once, from its beginning to its end.
    """

    def __init__(self, folder: Any) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed with the upload)
        self._key, self._nonce = secrets.token_bytes(32), secrets.token_bytes(8)
        self._at = 0
        self._writing = self._stream(0)

    def write(self, block: bytes) -> int:
        """Add a block at the end."""
        return self._file.write(self._writing.update(block))

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
    `FILE_UPLOAD_LARGEST` is not kept: those it cuts say that they are larger than any page takes."""

    file: SealedFile
    room: int
    is_cut: bool

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.file = SealedFile(settings.FILE_UPLOAD_TEMP_DIR)
        self.room = getattr(self, "room", settings.FILE_UPLOAD_LARGEST)
        self.is_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        self.is_cut = self.is_cut or len(raw_data) > self.room
        if not self.is_cut:
            self.file.write(raw_data)
            self.room -= len(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """It is there."""
        self.file.seek(0)
        return UploadedFile(
            file=self.file,  # type: ignore[arg-type]  # (reads and seeks as a file does)
            name=self.file_name,
            content_type=self.content_type,
            size=max(file_size, settings.FILE_UPLOAD_LARGEST + 1) if self.is_cut else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """It never came to its end."""
        if hasattr(self, "file"):
            self.file.close()
