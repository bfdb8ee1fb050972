"""What a question asks for, by its wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qa.questions import QuestionKind, question_kind, wanted_noun

PLACES = [
    "Where was the ferry found?",
    "where did the plane land",
    "From where did the letters come?",
    "In Syria, where was the general killed?",
    "The singer was born where?",
    "The man who shot the mayor was hiding where?",
    "Where, according to the ministry, did the dam break?",
    "Which village was raided?",
    "In which city did the summit take place?",
    "At which hospital was she treated?",
    "Which country's parliament voted for the pipeline?",
    "The fire began in what part of town, and in which suburb did it end?",
    "What is the capital of Ruritania?",
    "What is the name of the village that flooded?",
    "What town is the factory in?",
    "Can you tell me where the talks were held?",
    "NASA launched its rocket on Wednesday. Where is the spacecraft headed?",
    "A fire broke out this week in which national park?",
    "After the storm, which island was cut off?",
    "When the war began, where did the family go?",
    "Where's the festival held?",
    "Where is the show ICE! being held?",
    "To which country did the president flee?",
    "What state does the senator represent?",
]
TIMES = [
    "When did the trial begin?",
    "when baby Joseph died?",
    "In what year did the war end?",
    "On what date was the bridge opened?",
    "What year did the browser debut?",
    "Since when has the strike lasted?",
    "Until when are the shops closed?",
    "What day was the aid worker killed?",
    "What time does the match start?",
    "How soon could vaccines be available?",
    "How long ago was the tomb found?",
    "How late are the polls open?",
    "What was the date of the first flight?",
    "The elections will be held when?",
    "According to the report, when did the reactor fail?",
    "Do you know when the museum reopens?",
    "In which decade was the tower built?",
    "Mary Smith stepped down on Thursday. When did she first become speaker?",
]
NUMBERS = [
    "How many people died?",
    "how much did the bridge cost",
    "How old is the queen?",
    "How long is the tunnel?",
    "How far is the village from the border?",
    "How often does the comet return?",
    "By how much did prices rise?",
    "For how many years was she detained?",
    "At least how many people were arrested?",
    "Approximately how many customers lost power?",
    "According to the union, how many nurses walked out?",
    "Liz Brown resigned after how many days in office?",
    "What percentage of voters turned out?",
    "What was the magnitude of the quake?",
    "What is the number of children in care?",
    "What is Anna de la Cruz's age?",
    "What was the final score?",
    "Number of Black Hawk helicopters that crashed?",
    "A man was convicted on Tuesday. How old is he?",
    "The internet service is how fast?",
    "The company lost how many subscribers?",
    "What price did the painting fetch?",
    "About how many ships were delayed?",
]
PERSONS = [
    "Who won the race?",
    "who is Angela Smith",
    "Whom did the police charge?",
    "To whom was the letter sent?",
    "By whom was the law proposed?",
    "Whose album sold best?",
    "Who's running for mayor?",
    "According to the report, who gave the order?",
    "Which senator vows to investigate the claims?",
    "What actor plays the king?",
    "Which former president was indicted?",
    "What is his name?",
    "What is the captain's name?",
    "What is the name of the suspect?",
    "The billionaire denied an affair with who?",
    "After the coup, who took power?",
    "Could you please tell me who wrote the song?",
    "Name the minister who resigned.",
    "When she won the prize, who presented it?",
]
THINGS = [
    "What did the group file with the court?",
    "Which company is involved in the recall?",
    "What caused the fire?",
    "What did TI do?",
    "What did Anna say when the judge asked her?",
    "What is the rule called?",
    "What is the president accused of?",
    "What was the country attacked with?",
    "Is it a comet or an asteroid?",
    "Did Team A or Team B win?",
    "Will the talks be held in May or in June?",
    "The highest hike since:",
    "The new platform is called what?",
    "The new variant is called:",
    "A condition that prevents people from:",
    "The jackpot grew to ___ on Friday.",
    "This drink was introduced last year and has returned.",
    "The network influenced later models of",
    "Authorities vow to do what about the riots?",
    "Uber announced this week the return of which feature?",
    "What kind of plane crashed?",
    "Which of the following products was recalled?",
    "Name the product that was recalled.",
    "Seen near Paris?",
    "If there is no dissent, the chair says what?",
    "The man, who was born in Kansas, wrote which book?",
    "As of this week, which item can adults buy?",
    'In the game show "Who Knows When", what is the first prize?',
    "Which way did the convoy take?",
    "What else did they find?",
    "IS fighters attacked the base with what?",
    "What was New Harmony's reply to the plan?",
]
SENTENCES = {
    QuestionKind.YES_NO: [
        "Did the minister resign?",
        "is the bridge open",
        "Was anyone hurt or killed?",
        "Has she been found or not?",
        "Isn't the airport closed?",
        "Can foreigners vote?",
        "May visitors take pictures?",
        "Is there a curfew?",
        "According to the police, was the driver drunk?",
        "After the raid, were any weapons found?",
        "Do you know whether the strike is over?",
        "True or false: the mayor was arrested",
        "The mayor was arrested, right?",
        "Will Hospital give details on his illness?",
        "Have more or less all of them left?",
        "Did he leave before the house that Jack built, which was old, fell?",
    ],
    QuestionKind.WHY: [
        "Why did the shares fall?",
        "For what reason was the flight cancelled?",
        "According to the coach, why was he dropped?",
        "How come the bridge is closed?",
        "Explain why the talks failed.",
        "The director left the festival why?",
        "Yellowstone reopened on Wednesday. Why was it shut down?",
    ],
    QuestionKind.HOW: [
        "How did he die?",
        "How do you send in a video?",
        "how was the wreck found",
        "By what means did they escape?",
        "To what extent was the town damaged?",
        "In what way did the law change?",
        "Tell me how the thieves got in.",
        "If the packets take different routes, then how do they arrive in order?",
    ],
    QuestionKind.EVENT: [
        "What happened to the suspect?",
        "What happened with the merger?",
        "what has happened in Chad",
        "What exactly will happen to the refugees?",
        "When three trains meet, what happens?",
        "What's going on in Ruritania?",
        "Tell me about the ferry disaster",
        "Can you tell me more about the ferry disaster?",
        "What do we know about the gunman?",
        "What is known about the gunman?",
        "What is the latest on the strike?",
        "What's new in the trial?",
        "Any news about the hostages?",
        "Summarize the talks in Geneva",
        "ferry disaster Ruritania",
        "",
        "?!",
    ],
}
CASES = [
    *((question, QuestionKind.PLACE) for question in PLACES),
    *((question, QuestionKind.TIME) for question in TIMES),
    *((question, QuestionKind.NUMBER) for question in NUMBERS),
    *((question, QuestionKind.PERSON) for question in PERSONS),
    *((question, QuestionKind.THING) for question in THINGS),
    *((question, kind) for kind, questions in SENTENCES.items() for question in questions),
]


@pytest.mark.parametrize(("question", "kind"), CASES)
def test_the_wording_tells_the_kind(question: str, kind: QuestionKind) -> None:
    assert question_kind(question) is kind


@pytest.mark.parametrize(("question", "kind"), CASES)
def test_neither_case_nor_quotation_marks_around_it_change_the_kind(
    question: str, kind: QuestionKind
) -> None:
    if question not in ("IS fighters attacked the base with what?",):
        assert question_kind(f"  \u201c{question}\u201d ") is kind
    if "Quoted" not in question and question.endswith("?") and "." not in question:
        assert question_kind(question[:1].lower() + question[1:]) is kind


def test_what_can_be_pointed_at_has_a_span() -> None:
    spans = {kind.value for kind in QuestionKind if kind.has_span}
    assert spans == {"place", "time", "number", "person", "thing"}


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Which village was raided?", "village"),
        ("Which two villages were raided?", "village"),
        ("Which of the three villages was raided?", "village"),
        ("In Syria, which small mountain village was raided?", "village"),
        ("Which countries are planning a summit?", "country"),
        ("In what year did the war end?", "year"),
        ("What percentage of voters turned out?", "percentage"),
        ("What company does she work for?", "company"),
        ("Which companies plan to merge?", "company"),
        ("Which fast food chain has the slowest service?", "chain"),
        ("Which British luxury carmaker revealed its first electric car?", "carmaker"),
        ("Which United States senator resigned?", "senator"),
        ("Which senator vows to investigate?", "senator"),
        ("Which team recently won its first title?", "team"),
        ("Which airline suffered a meltdown?", "airline"),
        ("Which parliament tends to be slow?", "parliament"),
        ("What kind of plane crashed?", "plane"),
        ("What types of aircraft are grounded?", "aircraft"),
        ("What is the name of the village?", "village"),
        ("What is the name of the show that was cancelled?", "show"),
        ("What is the village called?", "village"),
        ("What was the magnitude of the quake?", "magnitude"),
        ("What is the captain's name?", "captain"),
        ("Name the village that flooded", "village"),
        ("Name of the deputy secretary?", "secretary"),
        ("It happened in which state?", "state"),
        ("Which new species was found?", "species"),
        ("What battle inside the city was lost?", "battle"),
        ("What persons were refused?", "person"),
        ("What caused the fire?", None),
        ("What provides the protection?", None),
        ("What did the group file?", None),
        ("What is the president accused of?", None),
        ("Which is bigger?", None),
        ("Which one?", None),
        ("What is his name?", "person"),
        ("What else?", None),
        ("Where was the village?", None),
        ("Who raided which village?", None),
        ("", None),
    ],
)
def test_the_noun_that_is_asked_for(question: str, noun: str | None) -> None:
    assert wanted_noun(question) == noun


_WORDS = st.sampled_from(
    """who what which when where how many is did of in the to name ' , : ? . ___ " year village
    called and U.S. \u2019s \u201c or 2019 killed \u00e9 \ud800 ...""".split()  # noqa: SIM905
)


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=25).map(" ".join)))
def test_anything_has_a_kind(question: str) -> None:
    assert isinstance(question_kind(question), QuestionKind)
    noun = wanted_noun(question)
    assert noun is None or (noun and not noun.isspace())


def test_a_question_without_end_is_read_from_its_end() -> None:
    assert question_kind("who " * 100_000 + ". Where was it?") is QuestionKind.PLACE
