"""Addresses that people type, and the addresses of the network that may be asked."""

from ipaddress import ip_network

import pytest

from sidebyside.calendars.addresses import FetchRefused, outside, target


@pytest.mark.parametrize(
    "number",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::10.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "",
    ],
)
def test_what_is_not_of_the_public_network_is_inside(number):
    assert not outside(number)


@pytest.mark.parametrize(
    "number",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8"]
    + ["64:ff9b::8.8.8.8", "2002:808:808::1"],
)
def test_the_public_network_is_outside(number):
    assert outside(number)
    assert not outside(number, always=False)


def test_an_allowed_network_is_as_good_as_outside():
    own = [ip_network("10.20.0.0/16"), ip_network("fd12::/16")]
    assert all(outside(number, own) for number in ("10.20.1.1", "::ffff:10.20.1.1", "fd12::1", "64:ff9b::10.20.1.1"))
    assert not any(outside(number, own) for number in ("10.21.0.1", "127.0.0.1", "fd13::1", "fd12::1%eth0"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "calendar",
        "example.org/calendar.ics",
        "//example.org/calendar.ics",
        "file:///etc/passwd",
        "ftp://example.org/calendar.ics",
        "gopher://example.org/calendar.ics",
        "javascript:alert(1)",
        "unix:///run/docker.sock",
        "https://",
        "https:///calendar.ics",
        "https://@/calendar.ics",
        "https://user@",
        "https://example.org:22/",
        "https://example.org:6379/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:http/",
        "https://example.org/a\r\nHost: inside",
        "https://example.org/a\nb",
        "https://exam\tple.org/",
        "https://example.org/\x00",
        "https://example.org\\@inside/",
        "https://example..org/",
        "https://.example.org/",
        "https://exa mple.org/",
        "https://127%2e0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://[v1.a]/",
        "https://[::1]example.org/",
        "https://[2606:4700::1111]@[::1]]/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1.2/",
        "http://256.0.0.1/",
        "http://1.2.3.0x4/",
        "https://fa\u00df.example/",
        "https://a\u200db.example/",
        "https://\u2100.example/",
        "https://example.org/" + "a" * 5000,
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(address):
    with pytest.raises(FetchRefused) as caught:
        target(address)
    assert caught.value.sentence.endswith(".")
    host = address.partition("//")[2].strip("/")
    assert len(host) < 4 or host not in str(caught.value) + repr(caught.value) + repr(caught.value.values)


@pytest.mark.parametrize(
    ("address", "secure", "host", "port", "path"),
    [
        (" https://Example.ORG/a.ics\n", True, "example.org", 443, "/a.ics"),
        ("webcal://example.org/a.ics?x=1&y=%20#part", True, "example.org", 443, "/a.ics?x=1&y=%20"),
        ("http://example.org", False, "example.org", 80, "/"),
        ("https://example.org.:8443/", True, "example.org", 8443, "/"),
        ("https://b\u00fccher.example/\u00fc b.ics", True, "xn--bcher-kva.example", 443, "/%C3%BC%20b.ics"),
        ("https://\uff11\uff12\uff17\u3002\uff10.0.1/", True, "127.0.0.1", 443, "/"),
        ("https://[2606:4700::0:1111]/a", True, "2606:4700::1111", 443, "/a"),
        ("https://calendar_1.example/user%40mail.example/private-0a", True, "calendar_1.example", 443, None),
    ],
)
def test_an_address_is_taken_apart(address, secure, host, port, path):
    found = target(address)
    assert (found.secure, found.host, found.port) == (secure, host, port)
    assert found.path == (path or "/user%40mail.example/private-0a")
    assert not found.key


def test_a_target_shows_nothing_of_itself():
    found = target("https://anna:se%3Acret@school.example/private-4711.ics")
    assert found.key == "Basic YW5uYTpzZTpjcmV0"
    assert repr(found) == "Target(secure=True, port=443)"
