"""Real servers on loopback that answer as they are told, and certificates of an authority of our own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[socket.socket, str], None]  # what to do with a connection, and the head of the request


class Server:
    """Listens on a port of 127.0.0.1; keeps the head of every request, and the name that TLS was asked for."""

    def __init__(self, answer: Answer, secure: ssl.SSLContext | None = None) -> None:
        self.answer, self.secure = answer, secure
        self.heads: list[str] = []
        self.names: list[str | None] = []
        self.connections = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        if secure:
            secure.sni_callback = lambda _sock, name, _context: self.names.append(name)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        """Take connections one after the other until the port is closed."""
        while True:
            try:
                sock, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            with contextlib.suppress(OSError), sock:
                sock.settimeout(5)
                if self.secure:
                    with self.secure.wrap_socket(sock, server_side=True) as safe:
                        self.talk(safe)
                else:
                    self.talk(sock)

    def talk(self, sock: socket.socket) -> None:
        """Take the head of a request and answer it; also what greets in TLS where none is spoken."""
        head = b""
        while b"\r\n\r\n" not in head and head[:1] != b"\x16":
            piece = sock.recv(65536)
            if not piece:
                return
            head += piece
        self.heads.append(head.decode("latin-1"))
        self.answer(sock, self.heads[-1])

    def close(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@contextlib.contextmanager
def serving(answer: Answer | bytes, secure: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the time of a test; bytes are sent as they are."""
    server = Server((lambda sock, _head: sock.sendall(answer)) if isinstance(answer, bytes) else answer, secure)
    try:
        yield server
    finally:
        server.close()


def authority(folder: Path, names: list[str]) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of these names shows, and what trusts it."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for tests")])
    now = datetime.now(UTC)

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    # What strict checks of newer versions of Python ask for as well: whose key signed, and for what it may be used.
    signing = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = certificate(root_name, root_key.public_key()).add_extension(x509.BasicConstraints(True, 0), True)
    root = root.add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), False)
    root = root.add_extension(signing, True)
    own = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
    leaf = certificate(x509.Name([]), key.public_key()).add_extension(x509.SubjectAlternativeName(own), True)
    leaf = leaf.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
    pem = serialization.Encoding.PEM
    chain, trusted = folder / "server.pem", folder / "root.pem"
    chain.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.sign(root_key, hashes.SHA256()).public_bytes(pem)
    )
    trusted.write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(pem))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(chain)
    trust = ssl.create_default_context(cafile=str(trusted))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    return shown, trust
