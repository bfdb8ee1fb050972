"""What gets through the door: against a real server, with names that resolve as a test wants."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
import zlib
from collections.abc import Callable, Iterator

import pytest
import trustme
from web_server import LOOPBACK, Reply, Waits, WebServer, everything_here, local_fetcher, web_server

from index.fetching.errors import FetchError, RefusedError, UnavailableError
from index.fetching.exchange import Limits
from index.fetching.fetcher import Fetcher
from index.fetching.settings import FetchSettings

INNER = ipaddress.ip_address("10.0.0.1")
TINY = Limits(seconds=0.3, read_seconds=0.3, bytes=10_000)


def refused(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(RefusedError) as caught:
        fetcher.fetch(url)
    return str(caught.value)


def test_loopback_is_closed_by_default(site: WebServer) -> None:
    site.page("/", "Bridge")
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"):
        message = refused(Fetcher(), site.at(host))
        assert "own address" in message, host
    assert site.requests == []


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "[fd00:ec2::254]", "[::ffff:10.0.0.1]", "[fe80::1]", "[64:ff9b::a00:1]", "[::]", "167772161"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_closed_even_with_loopback_open(host: str) -> None:
    fetcher = Fetcher(FetchSettings(fetch_allow_loopback=True))
    assert "no address of the public internet" in refused(fetcher, f"http://{host}/")


def test_a_name_is_judged_by_what_it_resolves_to(site: WebServer) -> None:
    fetcher = local_fetcher(resolve=lambda host, seconds: [INNER])
    message = refused(fetcher, site.at("news.example"))
    assert "news.example (10.0.0.1) is not connected to" in message


def test_one_bad_address_among_good_ones_closes_the_door(site: WebServer) -> None:
    fetcher = local_fetcher(resolve=lambda host, seconds: [LOOPBACK, INNER])
    assert "10.0.0.1" in refused(fetcher, site.at("news.example"))
    assert site.requests == []


def test_a_name_without_addresses_cannot_be_reached(site: WebServer) -> None:
    with pytest.raises(UnavailableError, match=r"news\.example has no address"):
        local_fetcher(resolve=lambda host, seconds: []).fetch(site.at("news.example"))


def test_a_name_is_looked_up_once_for_a_connection(site: WebServer) -> None:
    """The answer that was checked is the one connected to: a later one changes nothing."""
    site.page("/", "Bridge")
    site.pages["/robots.txt"] = Reply("")
    answers = [[LOOPBACK], [LOOPBACK], [INNER]]
    asked = []

    def rebinding(host: str, seconds: float) -> list[ipaddress.IPv4Address]:
        asked.append(host)
        return answers[len(asked) - 1]  # type: ignore[return-value]

    fetcher = local_fetcher(resolve=rebinding)
    assert fetcher.fetch(site.at("news.example")).data
    assert asked == ["news.example"] * 2  # for robots.txt and for the page
    assert site.requests[-1].headers["host"] == f"news.example:{site.port}"
    assert "10.0.0.1" in refused(fetcher, site.at("news.example"))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", "no address of the public"),
        ("http://169.254.169.254/latest/meta-data/", "no address of the public"),
        ("http://[::ffff:169.254.169.254]/", "no address of the public"),
        ("http://2852039166/", "no address of the public"),
        ("//192.168.1.1/admin", "no address of the public"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.org/", "only http and https"),
        ("http://127.0.0.1:22/", "port 22"),
        ("http://user:secret@127.0.0.1/", "user name"),
        ("", "not to anywhere"),
    ],
)
def test_a_redirect_goes_through_the_door_again(
    site: WebServer, location: str, reason: str
) -> None:
    site.pages["/"] = Reply(status=302, headers={"Location": location})
    fetcher = Fetcher(FetchSettings(fetch_allow_loopback=True, fetch_delay=0))
    assert reason in refused(fetcher, site.url)
    assert site.paths() == ["/"]


def test_a_redirect_to_a_name_that_resolves_inward_is_refused(site: WebServer) -> None:
    site.pages["/"] = Reply(status=301, headers={"Location": "http://inner.example/"})
    fetcher = local_fetcher(
        resolve=lambda host, s: [INNER if host == "inner.example" else LOOPBACK]
    )
    assert "inner.example (10.0.0.1)" in refused(fetcher, site.at("news.example"))


def test_redirects_are_followed_and_counted(site: WebServer) -> None:
    for number in range(5):
        site.pages[f"/{number}"] = Reply(status=308, headers={"Location": f"{number + 1}#x"})
    site.page("/5", "Bridge")
    fetcher = local_fetcher()
    assert str(fetcher.fetch(f"{site.url}/0").url) == f"{site.url}/5"
    site.pages["/5"] = Reply(status=303, headers={"Location": "/6"})
    assert "more than 5 redirects" in refused(fetcher, f"{site.url}/0")
    assert site.paths()[-1] == "/5"


def test_no_cookies_no_login_and_no_proxy(site: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.page("/", "Bridge", **{"Set-Cookie": "id=1; Path=/"})
    fetcher = local_fetcher(fetch_contact="https://example.org/who")
    fetcher.fetch(site.url)
    fetcher.fetch(site.url)
    headers = site.requests[-1].headers
    assert headers["user-agent"] == "Dateline/0.1 (+https://example.org/who)"
    assert "cookie" not in headers and "authorization" not in headers and "referer" not in headers


# -- time ---------------------------------------------------------------------------------


def dripping(site: WebServer, piece: bytes) -> Reply:
    def drip(write: Callable[[bytes], None]) -> None:
        while not site.stopping.wait(0.02):
            write(piece)

    return Reply(stream=drip, headers={"Content-Type": "text/html"})


def test_a_body_that_drips_ends_with_the_time(site: WebServer) -> None:
    site.pages["/"] = dripping(site, b"x")
    with pytest.raises(UnavailableError, match="too slow"):
        local_fetcher(limits=TINY).fetch(site.url)
    assert site.paths() == ["/"]  # what was slow once is not asked again


def test_a_packed_body_that_drips_ends_with_the_time(site: WebServer) -> None:
    reply = dripping(site, b"\0" * 2)
    site.pages["/"] = Reply(
        stream=reply.stream, headers={"Content-Type": "text/html", "Content-Encoding": "deflate"}
    )
    with pytest.raises(FetchError):
        local_fetcher(limits=TINY).fetch(site.url)


def test_headers_that_drip_end_with_the_time(site: WebServer) -> None:
    def drip(write: Callable[[bytes], None]) -> None:
        write(b"HTTP/1.1 200 OK\r\nX: ")  # the real response, whose headers never end
        while not site.stopping.wait(0.02):
            write(b"a")

    site.pages["/"] = Reply(status=102, stream=drip)
    with pytest.raises(UnavailableError, match="too slow"):
        local_fetcher(limits=TINY).fetch(site.url)


def test_a_server_that_says_nothing_is_left(site: WebServer) -> None:
    def silent(write: Callable[[bytes], None]) -> None:
        site.stopping.wait(60)

    site.pages["/"] = Reply(stream=silent)
    limits = Limits(seconds=60, read_seconds=0.1, bytes=100)
    with pytest.raises(UnavailableError, match="too slow"):
        local_fetcher(limits=limits).fetch(site.url)


# -- size ---------------------------------------------------------------------------------


def test_a_body_without_end_is_cut_off(site: WebServer) -> None:
    def flood(write: Callable[[bytes], None]) -> None:
        while not site.stopping.is_set():
            write(b"x" * 65536)

    site.pages["/"] = Reply(stream=flood, headers={"Content-Type": "text/plain"})
    limits = Limits(seconds=60, read_seconds=30, bytes=100_000)
    assert "larger than 100,000 bytes" in refused(local_fetcher(limits=limits), site.url)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
def test_a_bomb_is_unpacked_no_further_than_the_limit(site: WebServer, encoding: str) -> None:
    bomb = zlib.compress(bytes(50_000_000)) if encoding == "deflate" else gzip.compress(
        bytes(50_000_000)
    )  # fmt: skip
    assert len(bomb) < 60_000
    site.pages["/"] = Reply(bomb, headers={"Content-Encoding": encoding})
    limits = Limits(seconds=60, read_seconds=30, bytes=100_000)
    assert "larger than 100,000 bytes" in refused(local_fetcher(limits=limits), site.url)


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "nonsense"])
def test_other_packings_are_not_unpacked(site: WebServer, encoding: str) -> None:
    site.pages["/"] = Reply(b"\x1f\x8b", headers={"Content-Encoding": encoding})
    assert "not asked for" in refused(local_fetcher(), site.url)
    assert site.requests[-1].headers["accept-encoding"] == "gzip, deflate"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("", bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),
        ("gzip", lambda data: gzip.compress(data) + bytes(100)),
    ],
)
def test_packed_bodies_come_out_whole(
    site: WebServer, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    data = "".join(f"line {number}\n" for number in range(20_000)).encode()
    site.pages["/"] = Reply(
        pack(data), headers={"Content-Encoding": encoding, "Content-Type": "text/plain"}
    )
    assert local_fetcher().fetch(site.url).data == data


@pytest.mark.parametrize(
    "body", [gzip.compress(b"x" * 1000)[:-20], b"\x1f\x8b\x08nonsense", b"<html>"]
)
def test_a_damaged_packing_is_said_to_be_so(site: WebServer, body: bytes) -> None:
    site.pages["/"] = Reply(body, headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnavailableError, match=r"damaged|before the end"):
        local_fetcher().fetch(site.url)


def test_a_body_that_ends_early_is_not_taken_for_whole(site: WebServer) -> None:
    site.pages["/"] = Reply(stream=lambda w: w(b"half"), headers={"Content-Length": "1000"})
    with pytest.raises(UnavailableError, match="connection failed"):
        local_fetcher().fetch(site.url)


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "audio/mpeg", "application/wasm"])
def test_types_that_no_reader_exists_for_are_not_downloaded(site: WebServer, kind: str) -> None:
    def body(write: Callable[[bytes], None]) -> None:
        while not site.stopping.is_set():
            write(b"x" * 65536)

    site.pages["/"] = Reply(stream=body, headers={"Content-Type": f"{kind}; x=y"})
    assert f"reads no '{kind}'" in refused(local_fetcher(), site.url)


def test_headers_without_end_are_cut_off(site: WebServer) -> None:
    site.pages["/"] = Reply(headers={f"X-{n}": "a" * 10_000 for n in range(50)})
    with pytest.raises(UnavailableError, match="connection failed"):
        local_fetcher().fetch(site.url)


def test_what_is_no_http_is_an_error(site: WebServer) -> None:
    site.pages["/"] = Reply(status=102, stream=lambda write: write(b"220 mail ESMTP\r\n"))
    with pytest.raises(UnavailableError, match="connection failed"):
        local_fetcher().fetch(site.url)


# -- TLS ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_site(authority: trustme.CA) -> Iterator[WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    with web_server(context) as server:
        server.page("/", "Bridge")
        yield server


def test_tls_is_for_the_name_and_the_connection_to_the_number(
    authority: trustme.CA, secure_site: WebServer
) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    fetcher = local_fetcher(ssl_context=context)
    assert b"Bridge" in fetcher.fetch(secure_site.at("news.example")).data
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(FetchError, match="certificate cannot be trusted"):
            fetcher.fetch(secure_site.at(host))


def test_an_unknown_authority_is_not_trusted(secure_site: WebServer) -> None:
    message = refused(local_fetcher(waits=Waits()), secure_site.at("news.example"))
    assert "certificate cannot be trusted" in message
    assert everything_here("news.example", 1) == [LOOPBACK]
