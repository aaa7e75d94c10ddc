"""The address of a calendar that a person typed, and which addresses a server may be asked to go to.

An address is a secret: it holds a key, or a name and a password. It stands in no text of an exception, and a Target
shows none of itself. Formats: RFC 3986; webcal is https. Special networks: the registries of IANA (RFC 6890).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from sidebyside.base.marking import N_
from sidebyside.calendars.lines import CalendarRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 4096  # characters of an address
PORTS = frozenset({80, 443, 8080, 8443})  # the web's own, and the two behind which schools put a second server
SCHEMES = {"https": 443, "webcal": 443, "webcals": 443, "http": 80}
GLOBAL_6 = ip_network("2000::/3")  # all that has been given out
TRANSLATED = ip_network("64:ff9b::/96")  # NAT64 (RFC 6052): the last 32 bits are an IPv4 address
SPECIAL = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # for protocols; one cloud keeps its secrets at 192.0.0.192
        "192.88.99.0/24",  # relays of 6to4, withdrawn
        "168.63.129.16/32",  # public by its number, the inside of a cloud by its use
        "2001::/23",  # for protocols, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
)
# Where the older rules for names, which Python knows, and the newer ones lead to different names.
TWO_MEANINGS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")

NO_ADDRESS = N_("This is not an address of a calendar. It begins with https://, http:// or webcal://.")
OTHER_SCHEME = N_("An address of a calendar begins with https://, http:// or webcal://.")
OTHER_PORT = N_("This address has a port that calendars are not brought from. Allowed are %(ports)s.")


class FetchRefused(CalendarRefused):
    """What is behind an address is not brought. `sentence` and `values` as in CalendarRefused; never the address."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask: a name in ASCII or a number, what to ask for there, and the key to it, none of which is shown."""

    secure: bool
    host: str = field(repr=False)
    port: int
    path: str = field(repr=False)  # with the query
    key: str = field(repr=False)  # the value of an Authorization header, or nothing

    @property
    def origin(self) -> tuple[bool, str, int]:
        """What has to be the same for a key to be sent."""
        return self.secure, self.host, self.port


def target(address: str, *, ports: Collection[int] = PORTS) -> Target:
    """Where an address leads. Raises FetchRefused for one that is none, of another scheme, or of another port."""
    address = address.strip()
    if not address or len(address) > LONGEST or re.search(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]", address):
        raise FetchRefused(NO_ADDRESS)
    parts, port = split(address)
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        raise FetchRefused(OTHER_SCHEME)
    port = SCHEMES[scheme] if port is None else port
    if port not in ports:
        raise FetchRefused(OTHER_PORT, {"ports": ", ".join(map(str, sorted(ports)))})
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    key = ""
    if parts.username is not None or parts.password is not None:
        pair = unquote_to_bytes(parts.username or "") + b":" + unquote_to_bytes(parts.password or "")
        key = "Basic " + base64.b64encode(pair).decode()
    return Target(scheme != "http", host(parts.hostname or ""), port, path, key)


def split(address: str) -> tuple[SplitResult, int | None]:
    """The parts of an address and its port. Raises FetchRefused."""
    try:
        parts, place = urlsplit(address), urlsplit(address).netloc.rpartition("@")[2]
        if not re.search(r"[][]", place) or re.fullmatch(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?", place):
            return parts, parts.port
    except ValueError:
        pass  # refused outside of the handler: its exception shows a part of the address
    raise FetchRefused(NO_ADDRESS)


def host(name: str) -> str:
    """A name as it is looked up and asked for: in ASCII, in small letters, without the dot at its end; or a number.

    Numbers in other forms than the usual one (a single number, octal, hexadecimal, with a zone) are refused.
    """
    if ":" in name:
        try:
            number = IPv6Address(name)
        except ValueError:
            number = None
        if number is None:
            raise FetchRefused(NO_ADDRESS)
        return str(number)
    plain = ascii_name(name)
    labels = plain.split(".")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        if not re.fullmatch(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}", plain) or max(map(int, labels)) > 255:
            raise FetchRefused(NO_ADDRESS)
    elif len(plain) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise FetchRefused(NO_ADDRESS)
    return plain


def ascii_name(name: str) -> str:
    """A name with letters of any script as it is looked up. Raises FetchRefused where it could mean two."""
    if name and len(name) <= 253 and not TWO_MEANINGS.search(name):
        try:
            return name.encode("idna").decode("ascii").lower().removesuffix(".")
        except UnicodeError:
            pass  # as above
    raise FetchRefused(NO_ADDRESS)


def outside(text: str, allowed: Collection[Network] = (), *, always: bool = True) -> bool:
    """Whether an address of the network may be asked: one of the public network, or of a network that is allowed.

    With `always` false the public network does not count, only what is allowed.
    """
    try:
        number = ip_address(text)
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        if number.scope_id:
            return False
        hidden = held(number)
        if hidden is not None:
            return within(number, allowed) or outside(str(hidden), allowed, always=always)
    return within(number, allowed) or (always and public(number))


def within(number: Address, networks: Collection[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return any(number.version == network.version and number in network for network in networks)


def held(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: written into it, by 6to4 (RFC 3056) or by NAT64 (RFC 6052)."""
    if number in TRANSLATED:
        return IPv4Address(int(number) & 0xFFFFFFFF)
    return number.ipv4_mapped or number.sixtofour


def public(number: Address) -> bool:
    """Whether an address is one of the public network, whatever this version of Python holds of newer registries."""
    if number.version == 6 and number not in GLOBAL_6:
        return False
    special = number.is_private or number.is_loopback or number.is_link_local or number.is_multicast
    special = special or number.is_unspecified or number.is_reserved or within(number, SPECIAL)
    return number.is_global and not special
