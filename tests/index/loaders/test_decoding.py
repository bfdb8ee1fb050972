from pathlib import Path

import pytest

from index.loaders.decoding import DecodingError, decode, mend

SEED = Path(__file__).parents[3] / "seeds" / "000_f3a08efafe655cd7.txt"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le café coûte £20 — “déjà vu” à l\u2019école, où l\u2019été est très doux."),
        ("cp1252", "caf\xe9 au lait"),
        ("cp1251", "Президент заявил в четверг, что переговоры будут продолжены в Москве."),
        ("cp1250", "Příští týden budou jednání pokračovat, řekl prezident. Žluťoučký kůň úpěl."),
        ("gb18030", "总统星期四表示,下周将继续谈判。新桥已经通车。"),
        ("utf-16", "Kābul."),
        ("utf-8-sig", "Kābul."),
    ],
)
def test_the_encoding_is_told(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_what_is_declared_wins_over_a_guess_but_not_over_utf_8() -> None:
    assert decode("Łódź".encode("cp1250"), "windows-1250") == "Łódź"
    assert decode("Łódź".encode(), "windows-1250") == "Łódź"
    assert decode(b"\x93caf\xe9\x94", "ISO-8859-1") == "“café”"
    assert decode(b"caf\xe9", "punycode") == "café"
    assert decode(b"caf\xe9", "iso-no-such") == "café"


def test_a_stray_byte_does_not_spoil_the_rest() -> None:
    assert decode("Über Ägypten für öde ".encode() + b"\xa320") == "Über Ägypten für öde £20"


@pytest.mark.parametrize("data", [b"a\0b\xff", b"\xef\xbb\xbfcaf\xe9", b"\xff\xfea\0\0\xd8"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(DecodingError):
        decode(data)


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("It cost Â£20.", "It cost £20."),
        ("â€œNoâ€\x9d, he said.\r\nCafÃ©\n", "“No”, he said.\r\nCafé\n"),
    ],
)
def test_mojibake_is_mended(broken: str, mended: str) -> None:
    assert mend(broken) == mended
    assert mend(mended) == mended


def test_clean_text_stays_as_it_is() -> None:
    seed = SEED.read_bytes().decode()
    assert mend(seed) == seed
    clean = "“Text” \u2018x\u2019 £20 Kābul e\u0301 \U0001f600 ﬁ \uff21 \r\n\u2028 \u00a0\u2013\t"
    assert mend(clean) == clean
    assert decode(clean.encode()) == clean
