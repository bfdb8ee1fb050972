import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import MAX_TERM_LENGTH, Analyzer


def terms(text: str) -> list[str]:
    return Analyzer().terms(text)


NAMES = [
    ("Al-Quraishi", "al Quraishi", "AlQuraishi", "Al\u2011Quraishi", "AL-QURAISHI"),
    ("Al-Otaiby", "al Otaiby", "AlOtaiby", "al-Otaiby"),
    ("De Lille", "de Lille", "DeLille", "de-Lille"),
    ("Mac Donald", "MacDonald", "Mac-Donald"),
]


@pytest.mark.parametrize("forms", NAMES)
def test_every_spelling_of_a_name_has_its_whole_and_its_last_part(forms: tuple[str, ...]) -> None:
    last = forms[0].replace("-", " ").split()[-1]
    whole = forms[0].replace("-", "").replace(" ", "").lower()
    for form in forms:
        assert {*terms(last), *terms(whole)} <= set(terms(form)), form


@pytest.mark.parametrize("word", ["ALABAMA", "Denver", "denver", "Vance", "Alison", "Basra"])
def test_a_word_that_only_begins_like_a_name_is_not_split(word: str) -> None:
    assert len(terms(word)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("été", "e\u0301te\u0301"),
        ("Björk", "bjork"),
        ("the raids", "raid"),
        ("Obama's", "Obama"),
        ("Obama\u2019s", "obama"),
        ("soldiers'", "soldier"),
        ("Qur'an", "Quran"),
        ("STRASSE", "straße"),
        ("ﬁnance", "finance"),
        ("co-operated", "cooperated"),
    ],
)
def test_spellings_of_one_word_share_a_term(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


def test_dotted_initials_are_one_term_and_no_stop_word() -> None:
    assert terms("U.S. troops") == terms("US troops")
    assert len(terms("the U.S.")) == 1


def test_stop_words_have_no_terms() -> None:
    assert terms("What is the one of it? And who was that?") == terms("one")
    assert terms("") == terms("... 😀") == []


def test_numbers_and_dates_are_terms() -> None:
    assert terms("12 dead in 2019") == ["12", "dead", "2019"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_short_terms_without_accents_or_capitals(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= MAX_TERM_LENGTH
        assert "-" not in term and not any(character.isspace() for character in term)


def test_repeats_are_kept_since_bm25_counts_them() -> None:
    assert terms("raid after raid") == ["raid", "raid"]
