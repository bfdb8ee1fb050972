import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import MAX_TERM_LENGTH, Analyzer
from index.names import KEY_PREFIX


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


def keys(terms: list[str]) -> set[str]:
    return {term for term in terms if term.startswith(KEY_PREFIX)}


TEXT = "Mr. al-Qurayshi's aide met Zelenskyy in Kyiv. However, the killers were killed."


def test_terms_have_no_name_keys_and_the_others_begin_with_them() -> None:
    analyzer = Analyzer()
    plain = analyzer.terms(TEXT)
    assert not keys(plain)
    assert analyzer.index_terms(TEXT)[: len(plain)] == plain
    assert analyzer.query_terms(TEXT, ())[: len(plain)] == plain


@pytest.mark.parametrize(
    "question",
    [
        "Where was al-Quraishi killed?",
        "where was al quraishi killed",
        "WHERE WAS AL QURAISHI KILLED?",
        "Where was AlQureshi killed?",
        "Is it Zelensky?",
        "zelenskiy's visit",
        "when was kiev shelled",
    ],
)
def test_a_question_meets_a_text_that_spells_the_name_otherwise(question: str) -> None:
    analyzer = Analyzer()
    assert keys(analyzer.query_terms(question, ())) & keys(analyzer.index_terms(TEXT))


def test_only_capitalised_words_that_are_not_common_give_a_text_keys() -> None:
    analyzer = Analyzer()
    assert keys(analyzer.index_terms("However, the police in Kyiv said nothing about raids.")) == (
        keys(analyzer.query_terms("kyiv", ()))
    )


def test_a_word_that_the_index_has_gives_a_question_no_key() -> None:
    analyzer = Analyzer()
    vocabulary = set(analyzer.index_terms(TEXT))
    assert not keys(analyzer.query_terms("where was al-Qurayshi, where Kyiv", vocabulary))
    found = keys(analyzer.query_terms("where was al-Quraishi, where Kyiv", vocabulary))
    assert len(found) == 1 and found <= vocabulary


def test_common_words_give_a_question_no_key() -> None:
    assert not keys(Analyzer().query_terms("Which leader was killed in the city last week?", ()))


def test_accents_and_umlauts_do_not_change_a_key() -> None:
    analyzer = Analyzer()
    for one, other in (("Erdoğan", "Erdogan"), ("Müller", "Mueller"), ("E\u0301tienne", "Etienne")):
        assert keys(analyzer.index_terms(one)) == keys(analyzer.query_terms(other, ())) != set()


def test_a_text_that_repeats_a_name_repeats_its_key_and_a_question_does_not() -> None:
    analyzer = Analyzer()
    text = "Kyiv and Kiev and Kyiv"
    assert sum(term.startswith(KEY_PREFIX) for term in analyzer.index_terms(text)) == 3
    assert sum(term.startswith(KEY_PREFIX) for term in analyzer.query_terms(text, ())) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_keys_come_after_the_terms_of_any_text(text: str) -> None:
    analyzer = Analyzer()
    plain = analyzer.terms(text)
    for found in (analyzer.index_terms(text), analyzer.query_terms(text, ())):
        assert found[: len(plain)] == plain
        assert all(term.startswith(KEY_PREFIX) for term in found[len(plain) :])
        assert all(len(term) <= MAX_TERM_LENGTH + 1 for term in found)
