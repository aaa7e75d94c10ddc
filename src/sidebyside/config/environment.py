"""Reading the environment: each variable has a type, a default, and a twin NAME_FILE for mounted secrets."""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable's text, or the content of the file that NAME_FILE names, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as fault:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {fault.strerror}.") from None
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes or no: 1/0, true/false, yes/no, on/off."""
    written = text(name, "1" if default else "0").lower()
    if written in {"1", "true", "yes", "on"}:
        return True
    if written in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {written!r}; say 1 or 0.")


def number(name: str, default: int = 0) -> int:
    """A whole number that is not negative."""
    written = text(name, str(default))
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise ImproperlyConfigured(f"{name} is {written!r}; say a number such as {default}.")
    return int(written)


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks such as "10.1.0.0/16 fd00::/8", separated by spaces or commas."""
    try:
        return [ip_network(each) for each in text(name).replace(",", " ").split()]
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} names no network: {fault}.") from None


def numbers(name: str, default: str) -> frozenset[int]:
    """Whole numbers, separated by spaces or commas."""
    written = text(name, default).replace(",", " ").split()
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in written):
        raise ImproperlyConfigured(f"{name} is {text(name)!r}; say numbers such as {default}.")
    return frozenset(int(each) for each in written)


def folder(name: str, default: Path) -> Path:
    """A folder, made if it is not there."""
    path = Path(text(name) or default).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_secret(name: str, path: Path) -> str:
    """A secret from the environment, else from its file, made at first start and readable by its owner alone."""
    if given := text(name):
        return given
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def sqlite(path: str, synchronous: str) -> dict:
    """Django's settings for a database file. `synchronous` is NORMAL (a power cut may take the last moment back, and
    nothing else) or FULL (what is kept is kept)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Persistent: closing the last connection of a database in WAL mode costs a checkpoint and two syncs.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA mmap_size=134217728; "
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON"
            ),
        },
    }


def database(address: str, default: Path, *, synchronous: str = "NORMAL") -> dict:
    """Django's settings for a database address: postgresql://..., sqlite:///path, or none (a file)."""
    if not address:
        return sqlite(str(default), synchronous)
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path), synchronous)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"A database address starts with postgresql:// or sqlite://, not {parts.scheme}://.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder comes as ?host=/run/postgresql
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def mail(address: str, folder: Path) -> dict:
    """Django's settings for outgoing mail: smtp://user:password@host:port, smtps://, or files in the home folder."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    parts = urlsplit(address)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ImproperlyConfigured(f"EMAIL_URL starts with smtp://, smtps:// or smtp+tls://, not {parts.scheme}://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
