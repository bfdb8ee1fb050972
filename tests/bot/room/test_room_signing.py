"""A link opens what it was made for, and nothing else is a link."""

from __future__ import annotations

import datetime as dt
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room_samples import GUILD, KEY, NOW, OTHER_GUILD, link, signer, unhurried

from bot.room.key import KEY_FILE, signing_key
from bot.room.signing import InvalidLinkError, LinkSigner, RoomLink
from index.errors import SettingsError

number = st.integers(0, 2**32 - 1)
links = st.builds(
    RoomLink,
    guild_id=st.integers(0, 2**64 - 1),
    article_id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
    revision=number,
    expires=st.datetimes(dt.datetime(2026, 3, 2), dt.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=dt.UTC)
    ),
    start=number,
    end=number,
    against=number,
)


@unhurried
@given(links)
def test_what_was_signed_is_read(signed: RoomLink) -> None:
    token = signer().token(signed)
    assert signer().read(token, NOW) == signed
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_usual_link_is_short() -> None:
    assert len(signer().token(link(2**16, 2**16 + 300, article_id="a" * 32))) <= 102


def test_every_flipped_bit_is_refused() -> None:
    token = signer().token(link(3, 9))
    for position in range(len(token)):
        for bit in range(8):
            changed = chr(ord(token[position]) ^ 1 << bit)
            forged = token[:position] + changed + token[position + 1 :]
            with pytest.raises(InvalidLinkError):
                signer().read(forged, NOW)


@unhurried
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(bytes.hex)))
def test_what_was_not_signed_is_refused(token: str) -> None:
    with pytest.raises(InvalidLinkError):
        signer().read(token, NOW)


def test_parts_and_additions_are_refused() -> None:
    token = signer().token(link())
    for forged in (token[:-1], token[1:], token + "A", token + "=", token + "\n", " " + token, ""):
        with pytest.raises(InvalidLinkError):
            signer().read(forged, NOW)


@unhurried
@given(links, links)
def test_the_tag_of_one_link_fits_no_other(first: RoomLink, second: RoomLink) -> None:
    """Whatever differs: the guild, the article, the revision, the passage or the expiry."""
    one, other = signer().token(first), signer().token(second)
    if first != second:
        assert one != other
        forged = LinkSigner(bytes(32)).token(first)
        with pytest.raises(InvalidLinkError):
            signer().read(forged, NOW)


def test_a_link_names_its_own_guild() -> None:
    mine, theirs = (signer().token(link(guild_id=guild)) for guild in (GUILD, OTHER_GUILD))
    assert mine != theirs
    assert signer().read(mine, NOW).guild_id == GUILD
    # The guild of one put into the other: the first 8 bytes, which end inside a character.
    with pytest.raises(InvalidLinkError):
        signer().read(theirs[:11] + mine[11:], NOW)


def test_a_link_expires() -> None:
    signed = link()
    token = signer().token(signed)
    last_second = signed.expires - dt.timedelta(seconds=1)
    assert signer().read(token, last_second) == signed
    for late in (signed.expires, signed.expires + dt.timedelta(days=400)):
        with pytest.raises(InvalidLinkError):
            signer().read(token, late)


def test_numbers_that_do_not_fit_are_refused() -> None:
    for wrong in (replace(link(), guild_id=2**64), replace(link(), start=-1)):
        with pytest.raises(ValueError, match="no link can hold"):
            signer().token(wrong)
    with pytest.raises(ValueError, match="31 bytes is too short"):
        LinkSigner(KEY[:31])


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: signing_key(home), range(32)))
    assert len(keys) == 1
    assert [len(key) for key in keys] == [32]
    assert [file.name for file in home.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((home / KEY_FILE).stat().st_mode) == 0o600
    assert signing_key(tmp_path / "other") not in keys


def test_a_secret_wins_over_the_file(tmp_path: Path) -> None:
    secret = "correct horse battery staple of 40 chars"
    assert len(signing_key(tmp_path, secret)) == 32
    assert signing_key(tmp_path, secret) != signing_key(tmp_path, secret + "!")
    assert not (tmp_path / KEY_FILE).exists()
    with pytest.raises(SettingsError, match="at least 32"):
        signing_key(tmp_path, "short")


def test_a_key_that_others_can_read_or_half_a_key_is_refused(tmp_path: Path) -> None:
    signing_key(tmp_path)
    (tmp_path / KEY_FILE).write_bytes(b"half")
    with pytest.raises(SettingsError, match="delete it"):
        signing_key(tmp_path)
    if os.name == "posix":
        (tmp_path / KEY_FILE).chmod(0o640)
        with pytest.raises(SettingsError, match="mode 0640"):
            signing_key(tmp_path)
