"""Which addresses may be connected to: none but public ones, in whatever way they are written."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from index.fetching.addresses import refusal
from index.fetching.addressing import is_web_address, same_site, web_url
from index.fetching.errors import RefusedError, UnavailableError
from index.fetching.resolving import resolve

PUBLIC = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"]
LOOPBACK = ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "2002:7f00:1::",
            "64:ff9b::7f00:1"]  # fmt: skip
FORBIDDEN = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "100.100.100.200", "169.254.169.254", "169.254.0.1",
    "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254",
    "fd20:ce::254", "ff02::1", "100::1", "2001:db8::1", "2001::1", "2001:10::1", "3fff::1",
    "64:ff9b:1::1", "5f00::1", "4000::1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:a00:1::", "2002:a9fe:a9fe::1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "2a00::5efe:10.0.0.1", "2a00::200:5efe:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_may_be_connected_to(text: str) -> None:
    assert refusal(ipaddress.ip_address(text)) == ""


@pytest.mark.parametrize("text", ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"])
def test_a_public_address_within_another_is_public(text: str) -> None:
    assert refusal(ipaddress.ip_address(text)) == ""


@pytest.mark.parametrize("text", FORBIDDEN)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_others_may_not(text: str, allow_loopback: bool) -> None:
    assert "public" in refusal(ipaddress.ip_address(text), allow_loopback=allow_loopback)


@pytest.mark.parametrize("text", LOOPBACK)
def test_loopback_only_if_it_is_allowed(text: str) -> None:
    assert "own address" in refusal(ipaddress.ip_address(text))
    assert refusal(ipaddress.ip_address(text), allow_loopback=True) == ""


@given(st.ip_addresses())
def test_nothing_that_python_knows_as_special_gets_through(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast or address.is_link_local:
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        assert refusal(address) or inner is not None


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_itself(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for outer in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x64FF9B << 96 | number):
        assert refusal(ipaddress.IPv6Address(outer)) == refusal(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "127.1",
     "127.0.1"],
)  # fmt: skip
def test_odd_spellings_are_the_same_number_everywhere(host: str) -> None:
    (address,) = resolve(host, 1.0)
    assert address.is_loopback
    assert "own address" in refusal(address)


@pytest.mark.parametrize(
    "host", ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"]
)
def test_odd_spellings_of_the_metadata_address_are_refused(host: str) -> None:
    assert [refusal(address) != "" for address in resolve(host, 1.0)] == [True]


def test_a_name_is_looked_up() -> None:
    assert all(address.is_loopback for address in resolve("localhost", 30.0))


def test_a_name_that_is_not_known_may_be_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(UnavailableError, match=r"news\.example could not be looked up") as caught:
        resolve("news.example", 30.0)
    assert caught.value.again


def test_a_slow_look_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    ended = threading.Event()

    def hangs(*_: object, **__: object) -> list[object]:
        ended.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    with pytest.raises(UnavailableError, match="in time"):
        resolve("slow.example", 0.01)
    ended.set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("data:text/html,x", "only http and https"),
        ("gopher://example.org/", "only http and https"),
        ("//example.org/", "only http and https"),
        ("example.org", "only http and https"),
        ("", "only http and https"),
        ("http://", "host"),
        ("http:///path", "host"),
        ("http://user@example.org/", "user name"),
        ("http://user:secret@example.org/", "user name"),
        ("http://:secret@example.org/", "user name"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:25/", "port 25"),
        ("http://example.org:1/", "port 1"),
        ("http://example.org:0/", "port 0"),
        ("http://example.org:6000/", "port 6000"),
        ("http://example.org:6667/", "port 6667"),
        ("http://example.org:99999/", "no web address"),
        ("http://[::1/", "no web address"),
        ("http://" + "a" * 3000, "longer than"),
    ],
)
def test_what_is_no_fetchable_address(text: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as caught:
        web_url(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://Example.ORG/a#part", "http://example.org/a"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:8080/a?b=c", "http://example.org:8080/a?b=c"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
    ],
)
def test_addresses_are_written_in_one_way(text: str, url: str) -> None:
    assert web_url(text) == URL(url)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for candidate in (text, f"http://{text}", f"http://example.org/{text}"):
        try:
            url = web_url(candidate)
        except RefusedError:
            continue
        assert url.scheme in ("http", "https") and url.raw_host and url.raw_user is None


def test_web_addresses_and_paths_are_told_apart() -> None:
    assert is_web_address("https://example.org") and is_web_address("HTTP://example.org")
    assert not is_web_address("httpd.log") and not is_web_address("./https:/a")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://www.example.org/b", True),
        ("http://m.example.org/", True),
        ("https://example.org.evil.example/", False),
        ("https://evil.example/", False),
        ("https://news.example.org/", False),
    ],
)
def test_sites(other: str, same: bool) -> None:
    assert same_site(URL("https://example.org/a"), URL(other)) is same


def test_www_alone_is_no_site() -> None:
    assert not same_site(URL("https://www.org/"), URL("https://org/"))
