"""The numbers, dates, names and quotations of a sentence, and which of them quotes have."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.proof.particulars import Kind, missing, particulars

THURSDAY = dt.date(2022, 2, 3)


def lacks(sentence: str, *quotes: str, written: dt.date | None = THURSDAY) -> list[str]:
    found = missing(sentence, quotes, written=[written] * len(quotes))
    assert all(sentence[one.start : one.end] == one.text for one in found)
    return [one.text for one in found]


def test_the_particulars_of_a_sentence_are_told_in_order() -> None:
    sentence = (
        "On Feb. 3, President Joe Biden of the U.S. said \u201cwe won, 2 to 1\u201d; "
        "twelve people left."
    )
    assert [(one.kind, one.text) for one in particulars(sentence)] == [
        (Kind.DATE, "Feb. 3"),
        (Kind.NAME, "Joe Biden"),
        (Kind.NAME, "U.S."),
        (Kind.QUOTATION, "we won, 2 to 1"),
        (Kind.NUMBER, "twelve"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The president said on television that nobody had been hurt.",
        "Officials denied it.",
        "It is one of the best, and no one knows why at first.",
        "Prime Minister and Mr. were mentioned.",
        "Heavy losses followed. Rescuers came. Another was found.",
    ],
)
def test_ordinary_words_are_no_particulars(sentence: str) -> None:
    assert particulars(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Twelve died.", "12 died."),
        ("A dozen died.", "Twelve died."),
        ("Twenty-one died.", "21 died."),
        ("It cost $1.2 million.", "It cost 1,200,000 dollars."),
        ("It cost $5m.", "It cost US$5 million."),
        ("It rose 5% to 6%.", "It rose 5 to 6 percent."),
        ("It rose 5 per cent.", "It rose by between 5 and 7%."),
        ("Between 5 million and 6 million came.", "5-6 million came."),
        ("Dozens died.", "Between 30 and 40 people died, dozens of them here."),
        ("Hundreds died.", "Some 350 people died."),
        ("Half of them left.", "50% of them left."),
        ("Two-thirds left.", "Two thirds left."),
        ("The 21st time was the last.", "The twenty-first time was the last."),
        ("A 12-hour wait followed.", "They waited twelve hours."),
        ("The 19-year-old fled.", "The man, 19, fled."),
        ("Aged 19, he fled.", "He is 19 years old."),
        ("At 3 p.m. it fell.", "It fell at 15:00."),
        ("At noon it fell.", "It fell at 12 p.m."),
        ("One soldier fell.", "An American soldier fell."),
        ("It ran for the past 15 years.", "It ran for the past fifteen years."),
        ("It fell by 1\u00bd points.", "It fell by 1.5 points."),
        ("\u0661\u0662 died.", "12 died."),
        ("It is 2,019.", "It is 2019."),
    ],
)
def test_the_same_number_in_another_form_is_there(sentence: str, quote: str) -> None:
    assert lacks(sentence, quote) == []


@pytest.mark.parametrize(
    ("sentence", "quote", "lacking"),
    [
        ("13 died.", "12 died.", "13"),
        ("12 percent died.", "12 died.", "12 percent"),
        ("12 died.", "12% died.", "12"),
        ("It cost $12.", "It cost \u20ac12.", "$12"),
        ("It cost $1.2 billion.", "It cost $1.2 million.", "$1.2 billion"),
        ("It cost A$5.", "It cost $5.", "A$5"),
        ("It is 5 miles.", "It is 5 km.", "5 miles"),
        ("Twelve died.", "It was 12 October.", "Twelve"),
        ("The third man fell.", "Three men fell.", "third"),
        ("At 3 p.m. it fell.", "It fell at 3 a.m.", "3 p.m."),
        ("350 died.", "Hundreds died.", "350"),
        ("Several thousand died.", "Several hundred died.", "Several thousand"),
        ("One soldier fell.", "Two soldiers fell.", "One"),
        ("It is -5 degrees.", "It is 5 degrees.", "-5 degrees"),
        ("It runs for the past 15 years.", "It ran for the past five years.", "past 15 years"),
    ],
)
def test_another_number_is_missing(sentence: str, quote: str, lacking: str) -> None:
    assert lacks(sentence, quote) == [lacking]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("He fell on 3 February 2022.", "He fell on Thursday."),
        ("He fell on Thursday.", "He fell on 3 February 2022."),
        ("He fell on Feb. 3.", "He fell on February 3, 2022."),
        ("He fell on 6 Oct.", "He fell on Oct 6, 2021."),
        ("He fell on 2 February.", "He fell yesterday."),
        ("He fell in February 2022.", "He fell on Tuesday."),
        ("He fell in 2022.", "He fell last week."),
        ("He fell last week.", "He fell last week."),
        ("He fell in 2019.", "It was a fall, 2019."),
    ],
)
def test_a_date_is_there_in_any_form_counted_from_the_article_s_day(
    sentence: str, quote: str
) -> None:
    assert lacks(sentence, quote) == []


@pytest.mark.parametrize(
    ("sentence", "quote", "lacking"),
    [
        ("He fell on 4 February 2022.", "He fell on Thursday.", "4 February 2022"),
        ("He fell on 3 February 2022.", "He fell in February 2022.", "3 February 2022"),
        ("He fell in 2021.", "He fell on Thursday.", "2021"),
        ("He fell on Friday.", "He fell on 3 February 2022.", "Friday"),
        ("He fell in March.", "He fell in May.", "March"),
        ("He fell yesterday.", "He fell on Thursday.", "yesterday"),
    ],
)
def test_another_or_a_finer_date_is_missing(sentence: str, quote: str, lacking: str) -> None:
    assert lacks(sentence, quote) == [lacking]


def test_each_quote_counts_from_its_own_article_s_day() -> None:
    quotes = ["He fell on Thursday.", "She rose on Thursday."]
    day = dt.date(2022, 2, 10)
    sentence = "He fell on 3 February 2022 and she rose on 10 February 2022."
    assert missing(sentence, quotes, written=[THURSDAY, day]) == ()
    assert missing(sentence, quotes, written=[THURSDAY, None]) != ()
    with pytest.raises(ValueError, match="shorter"):
        missing(sentence, quotes, written=[THURSDAY])


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Mr. Biden spoke.", "President Joe Biden spoke."),
        ("Joe Biden spoke.", "Joe R. Biden spoke."),
        ("The man called Qurayshi fell.", "Abu Ibrahim al-Quraishi fell."),
        ("Abu Ibrahim al-Qurayshi fell.", "Abu Ibrahim Al Quraishi fell."),
        ("The U.S. left.", "The United States left."),
        ("American troops left Syria.", "US troops left Syrian soil."),
        ("It is a British law.", "It is the law in the UK."),
        ("The WHO said so.", "The World Health Organization said so."),
        ("The United Nations said so.", "The UN said so."),
        ("Most Republicans left.", "A Republican left."),
        ("The F-16 fell.", "An F-16 fell."),
        ("Ukraine's Defense Ministry said so.", "The Ukrainian defense ministry said so."),
        ("A study at Oxford University ended.", "The University of Oxford ended a study."),
        ("The firm Irn Bru left the Welsh.", "irn bru left the welsh"),
        ("Erdogan left.", "Erdo\u011fan left."),
        ("The shop Rag & Bone closed.", "Rag & Bone, a shop, closed."),
    ],
)
def test_a_name_is_there_in_a_fuller_form_or_another_spelling(sentence: str, quote: str) -> None:
    assert lacks(sentence, quote) == []


@pytest.mark.parametrize(
    ("sentence", "quote", "lacking"),
    [
        ("Joe Biden spoke.", "Mr. Biden spoke.", "Joe Biden"),
        ("Yesterday John Smith left.", "John Miller and Anna Smith left yesterday.", "John Smith"),
        ("He saw John Smith.", "He saw John, Smith and others.", "John Smith"),
        ("It was in North Korea.", "It was in South Korea.", "North Korea"),
        ("The US left.", "They told us.", "US"),
        ("The WHO said so.", "A man who said so left.", "WHO"),
        ("The European Space Agency met.", "The ESA met.", "European Space Agency"),
        ("The F-16 fell.", "An F-18 fell.", "F-16"),
        ("Boeing said so.", "Airbus said so.", "Boeing"),
    ],
)
def test_another_or_a_longer_name_is_missing(sentence: str, quote: str, lacking: str) -> None:
    assert lacks(sentence, quote) == [lacking]


@pytest.mark.parametrize(
    ("sentence", "quote", "lacking"),
    [
        ('He said "we won".', "He said: \u201cWe won,\u201d and left.", []),
        ("He said \u2018we won it\u2019.", "We won it, he said.", []),
        ('He said "we won".', "He said that they had won.", ["we won"]),
        ('He said "we won', "They lost.", ["we won"]),
        ('He said "we won ... it".', "We won all of it.", ["we won ... it"]),
        ("He said 'we won't go'.", "He won't.", []),
    ],
)
def test_a_quotation_is_there_word_for_word(sentence: str, quote: str, lacking: list[str]) -> None:
    assert lacks(sentence, quote) == lacking


def test_endless_figures_are_a_number() -> None:
    sentence = f"It cost ${'9' * 2_000} billion."
    assert lacks(sentence, sentence) == []
    assert len(lacks(sentence, "It cost $9 billion.")) == 1


def test_particulars_may_be_spread_over_the_quotes() -> None:
    sentence = "Joe Biden met 12 people in Lagos."
    assert lacks(sentence, "Joe Biden met people.", "A dozen came to Lagos.") == []
    assert lacks(sentence) == ["Joe Biden", "12", "Lagos"]
