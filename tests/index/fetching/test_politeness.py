"""robots.txt, pauses, retries and conditional requests, on a clock that only sleeping moves."""

from __future__ import annotations

import datetime as dt

import pytest
from web_server import Reply, Request, Waits, WebServer, local_fetcher

from index.fetching.errors import RefusedError, UnavailableError
from index.fetching.page import Validators
from index.fetching.retrying import retry_after


def test_robots_txt_is_obeyed_and_asked_for_once(site: WebServer) -> None:
    site.pages["/robots.txt"] = Reply(
        "User-agent: *\nDisallow: /\n\n"
        "User-agent: dateline\nDisallow: /private/\nAllow: /private/a$"
    )
    for path in ("/story", "/private/a", "/private/b"):
        site.page(path, "Bridge")
    fetcher = local_fetcher()
    assert fetcher.fetch(f"{site.url}/story").data
    assert fetcher.fetch(f"{site.url}/private/a").data
    with pytest.raises(RefusedError, match=r"robots\.txt asks programs not to"):
        fetcher.fetch(f"{site.url}/private/b")
    assert [r.path for r in site.requests] == ["/robots.txt", "/story", "/private/a"]


def test_a_redirect_target_is_asked_about_too(site: WebServer) -> None:
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /hidden")
    site.pages["/"] = Reply(status=302, headers={"Location": "/hidden"})
    with pytest.raises(RefusedError, match="/hidden: the site's robots"):
        local_fetcher().fetch(site.url)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_robots_txt_all_is_allowed(site: WebServer, status: int) -> None:
    site.pages["/robots.txt"] = Reply(status=status)
    site.page("/", "Bridge")
    assert local_fetcher().fetch(site.url).data


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_robots_txt_cannot_be_had_nothing_is_fetched(site: WebServer, status: int) -> None:
    site.pages["/robots.txt"] = Reply(status=status)
    site.page("/", "Bridge")
    waits = Waits()
    fetcher = local_fetcher(waits=waits)
    for _ in range(2):
        with pytest.raises(
            UnavailableError,
            match=rf"cannot be had: .*robots\.txt: .* {status}",
        ):
            fetcher.fetch(site.url)
    assert [r.path for r in site.requests] == ["/robots.txt"]
    site.pages["/robots.txt"] = Reply("")
    waits.now += 301
    assert fetcher.fetch(site.url).data


def test_robots_txt_is_asked_for_again_after_a_day(site: WebServer) -> None:
    site.page("/", "Bridge")
    waits = Waits()
    fetcher = local_fetcher(waits=waits)
    fetcher.fetch(site.url)
    waits.now += 24 * 3600 + 1
    fetcher.fetch(site.url)
    assert [r.path for r in site.requests] == ["/robots.txt", "/"] * 2


def test_robots_txt_of_many_programs_and_many_rules_is_read_in_time(site: WebServer) -> None:
    """Each rule for each program would be 400 million."""
    names = "".join(f"User-agent: bot{number}\n" for number in range(20_000))
    site.pages["/robots.txt"] = Reply(
        names + "Disallow: /x\n" * 20_000 + "\nUser-agent: *\nDisallow: /no"
    )
    site.page("/yes", "Bridge")
    fetcher = local_fetcher()
    assert fetcher.fetch(f"{site.url}/yes").data


def test_robots_txt_that_is_no_text_allows_all(site: WebServer) -> None:
    site.pages["/robots.txt"] = Reply(bytes(range(256)) * 100)
    site.page("/", "Bridge")
    assert local_fetcher().fetch(site.url).data


def test_requests_to_one_host_are_kept_apart(site: WebServer) -> None:
    site.page("/", "Bridge")
    waits = Waits()
    fetcher = local_fetcher(waits=waits, fetch_delay=2.0)
    fetcher.fetch(site.url)
    waits.now += 0.5
    fetcher.fetch(site.url)
    fetcher.fetch(site.at("other.example"))
    assert waits.slept == [1.5]


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("5", 5.0),
        ("0.1", 1.0),
        ("9999", 60.0),
        ("-1", 1.0),
        ("nan", 1.0),
        ("inf", 1.0),
        ("soon", 1.0),
    ],
)
def test_a_crawl_delay_wins_if_it_is_longer_within_reason(
    site: WebServer, asked: str, waited: float
) -> None:
    site.pages["/robots.txt"] = Reply(f"User-agent: *\nCrawl-delay: {asked}\n")
    site.page("/", "Bridge")
    waits = Waits()
    fetcher = local_fetcher(waits=waits)
    fetcher.fetch(site.url)
    fetcher.fetch(site.url)
    assert waits.slept == [waited]


def failing(times: int, **reply: object) -> object:
    left = [times]

    def answer(request: Request) -> Reply:
        left[0] -= 1
        return Reply(**reply) if left[0] >= 0 else Reply("A story.")  # type: ignore[arg-type]

    return answer


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_growing_pauses(site: WebServer, status: int) -> None:
    site.pages["/"] = failing(2, status=status)  # type: ignore[assignment]
    waits = Waits()
    assert local_fetcher(waits=waits, fetch_delay=0).fetch(site.url).data == b"A story."
    assert waits.slept == [1.0, 2.0]


def test_after_three_attempts_it_is_left(site: WebServer) -> None:
    site.pages["/"] = Reply(status=503)
    with pytest.raises(UnavailableError, match="answers 503: try again later"):
        local_fetcher().fetch(site.url)
    assert site.paths() == ["/"] * 3


def test_retry_after_is_waited_for(site: WebServer) -> None:
    site.pages["/"] = failing(1, status=429, headers={"Retry-After": "17"})  # type: ignore[assignment]
    waits = Waits()
    assert local_fetcher(waits=waits).fetch(site.url).data
    assert waits.slept == [17.0]


def test_a_long_retry_after_is_left_for_later(site: WebServer) -> None:
    site.pages["/"] = Reply(status=503, headers={"Retry-After": "3600"})
    waits = Waits()
    with pytest.raises(UnavailableError, match="asks to wait 3600 s") as caught:
        local_fetcher(waits=waits).fetch(site.url)
    assert caught.value.retry_after == 3600
    assert site.paths() == ["/"] and waits.slept == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 204, 304, 418])
def test_what_will_not_pass_is_asked_once(site: WebServer, status: int) -> None:
    site.pages["/"] = Reply(status=status)
    with pytest.raises(RefusedError):
        local_fetcher().fetch(site.url)
    assert site.paths() == ["/"]


def test_a_refused_connection_is_tried_again(site: WebServer) -> None:
    site.page("/", "Bridge")
    fetcher = local_fetcher()
    fetcher.fetch(site.url)
    site.http.shutdown()
    site.http.server_close()
    with pytest.raises(UnavailableError, match="connection failed") as caught:
        fetcher.fetch(site.url)
    assert caught.value.again


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Jan 2023 00:01:00 GMT", 60.0),
        ("Sun, 01 Jan 2023 00:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_in_both_forms(value: str, seconds: float | None) -> None:
    now = dt.datetime(2023, 1, 2, tzinfo=dt.UTC)
    assert retry_after({"retry-after": value}, now) == seconds


def test_an_unchanged_page_costs_one_304(site: WebServer) -> None:
    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == '"v1"':
            return Reply(status=304)
        return Reply("A story.", headers={"ETag": '"v1"', "Last-Modified": "yesterday"})

    site.pages["/"] = answer
    fetcher = local_fetcher()
    page = fetcher.fetch(site.url)
    assert page.validators == Validators('"v1"', "yesterday")
    again = fetcher.fetch(site.url, page.validators)
    assert not again.modified and again.data == b"" and again.validators == page.validators
    assert site.requests[-1].headers["if-modified-since"] == "yesterday"
