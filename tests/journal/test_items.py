"""What is remembered of a key from one import to the next: its base, its title, its outcome, when it is due."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from importer.journal import items
from importer.journal.change import Answer
from importer.model import Date, Item, Kind, Origin, Outcome, Precision
from importer.plan.sides import Base, Kept, Remembered
from importer.plan.title import Title

SAID = Date(100, Precision.SECOND, Origin.RATING)
BASE = Base(said_rating=8, said_date=SAID, account_rating=8, account_rated_at=100)
BEFORE = Remembered(
    outcome=Outcome.NOT_FOUND, reason="other", asked=7, simkl=5, wanted_rating=8, wanted=SAID, base=BASE, due=900
)


def known(key: str, **values: Any) -> tuple[Item, Any, Remembered]:
    """A row by its key, with what is to be known of it."""
    item = Item(key, Kind.MOVIE, "Jaws", 1975, (), "8", 8, SAID, "a.csv", 1)
    return item, (), replace(BEFORE, **values)


def test_a_key_is_remembered_as_it_was_written(resume: Any) -> None:
    """Due for nothing yet."""
    items.remember(resume.journal, [known("a:1")])
    assert items.remembered(resume.journal) == {"a:1": replace(BEFORE, due=None)}


def test_a_key_leads_to_the_title_of_its_question_and_of_no_other(resume: Any) -> None:
    """Where the same question led before is kept; a title that is found anew replaces it."""
    items.remember(resume.journal, [known(f"a:{n}") for n in range(3)])
    items.remember(
        resume.journal, [known("a:0", simkl=None), known("a:1", simkl=None, asked=8), known("a:2", simkl=6, asked=8)]
    )
    assert resume.read("SELECT simkl, asked FROM items ORDER BY key") == [(5, 7), (None, 8), (6, 8)]


def test_a_base_stays_until_there_is_another_one(resume: Any) -> None:
    """Value for value: an account without a date makes no base with the date of the one before."""
    items.remember(resume.journal, [known("a:0"), known("a:1")])
    undated = Base(said_rating=9, said_date=None, account_rating=9, account_rated_at=None)
    items.remember(resume.journal, [known("a:0", base=None), known("a:1", base=undated)])
    found = items.remembered(resume.journal)
    assert (found["a:0"].base, found["a:1"].base) == (BASE, undated)
    resume.put("items", key="a:2", simkl=5)
    assert list(items.known_bases(resume.journal)) == [("a:0", 5, 7, BASE), ("a:1", 5, 7, undated)]


def test_what_is_remembered_anew_is_due_no_more(resume: Any) -> None:
    """A key that was to be asked about again has an outcome of today."""
    items.remember(resume.journal, [known("a:1")])
    resume.journal.write("UPDATE items SET due = 900")
    items.remember(resume.journal, [known("a:1", outcome=Outcome.UNCHANGED, reason=None)])
    assert resume.read("SELECT outcome, reason, due FROM items") == [("unchanged", None, None)]


def test_an_answer_concludes_the_keys_of_its_batch_that_it_speaks_of(resume: Any) -> None:
    """None of another batch, and none that it says something else of; the reason of before goes."""
    for batch, n, said in ((1, 0, "added"), (1, 1, "not_found"), (2, 2, "added")):
        resume.put("items", key=f"a:{n}", outcome="pending", reason="other", due=5)
        resume.change(1, batch, n, f"a:{n}", answer=said)
    items.conclude(resume.journal, 1, 1, [(Answer.ADDED, Outcome.APPLIED, None)])
    assert resume.read("SELECT outcome, reason, due FROM items ORDER BY key") == [
        ("applied", None, None),
        ("pending", "other", 5),
        ("pending", "other", 5),
    ]
    items.conclude(resume.journal, 1, 1, [(Answer.NOT_FOUND, Outcome.NOT_FOUND, 900)])
    assert resume.read("SELECT outcome, due FROM items WHERE key = 'a:1'") == [("not_found", 900)]


def test_a_forgotten_key_is_as_if_it_had_never_been_settled(resume: Any) -> None:
    """It is pending, and what a reading kept there is kept no more."""
    said = {"said_rating": 8, "said_at": 100, "said_precision": "day", "said_origin": "rating"}
    account = {"account_rating": 8, "account_at": 100}
    for key in ("a:0", "a:1"):
        resume.put("items", key=key, simkl=5, **said, **account, due=900, kept="[5,null,null,8,100]")
    items.forget_bases(resume.journal, ["a:0"])
    left = f"SELECT {', '.join((*said, *account, 'due', 'kept'))} FROM items WHERE key = 'a:0'"
    assert not any(next(iter(resume.journal.rows(left))))
    found = items.remembered(resume.journal)
    assert found["a:0"] == Remembered(outcome=Outcome.PENDING, simkl=5)
    assert found["a:1"].kept == Kept(5, None, 8, 100)


def test_a_row_of_a_kind_that_nobody_knows_is_on_record_without_one(resume: Any) -> None:
    """NULL, and no word for it."""
    for kind in (None, Kind.ANIME):
        item = Item(f"a:{kind}", kind, "Heat", 1995, (), "8", 8, None, "f", 1)
        items.remember(resume.journal, [(item, (), Remembered(outcome=Outcome.REJECTED))])
    assert resume.read("SELECT kind FROM items ORDER BY key DESC") == ["anime", None]


def test_the_first_of_a_runs_rows_that_simkl_did_not_take_tells_when_to_ask_again(resume: Any) -> None:
    """No row of another run, and none that was taken."""
    for run, key, outcome, due in (
        (1, "a:0", "not_found", 100),
        (2, "a:1", "not_found", 400),
        (2, "a:2", "unconfirmed", 300),
        (2, "a:3", "applied", 200),
        (2, "a:4", "kept", 250),
    ):
        known = "not_found" if outcome == "kept" else outcome  # by another run, which told it so
        resume.put("items", key=key, outcome=known, due=due)
        resume.put("rows", run=run, place=due, n=due, key=key, outcome=outcome)
    assert [items.next_due(resume.journal, run) for run in (1, 2, 3)] == [100, 300, None]


def test_the_keys_of_a_site_are_those_that_it_gave_and_that_were_sent_or_needed_not_be(resume: Any) -> None:
    """A site whose name begins alike is another one; rejected rows and rows that were never sent are none."""
    for key, outcome in (
        ("imdb:1", "applied"),
        ("imdb2:1", "applied"),
        ("imdb:2", "rejected"),
        ("imdb:3", "pending"),
        ("imdb:4", "pending"),
        ("imdb:5", "rejected"),
    ):
        resume.put("items", key=key, outcome=outcome, said_rating=8 if key == "imdb:5" else None)
    resume.change(1, 1, 0, "imdb:4")
    assert sorted(items.keys_of_sites(resume.journal, ["imdb"])) == ["imdb:1", "imdb:4"]


def test_what_became_of_many_keys_is_told_like_that_of_few(resume: Any) -> None:
    """Asked one by one, or of all at once."""
    for n in range(600):
        resume.put("items", key=f"a:{n:03}", outcome="kept" if n % 2 else "applied")
    few, many = (items.outcomes_of(resume.journal, {f"a:{n:03}" for n in range(1, last)}) for last in (500, 600))
    assert (len(few), len(many)) == (499, 599)
    assert few.items() < many.items()
    assert many["a:599"] is Outcome.KEPT


def test_what_was_kept_by_other_options_is_judged_again(resume: Any) -> None:
    """By those of the last run that sent the key; a key of which nothing is kept is not."""
    for key, kept in (("a:0", "[5,null,null,8,100]"), ("a:1", None), ("a:2", "[5,null,null,8,100]")):
        resume.put("items", key=key, kept=kept)
    resume.put("runs", run=1, on_conflict="keep")
    resume.put("runs", run=2, on_conflict="newer", redate=1)
    for run, n in ((1, 0), (1, 1), (1, 2), (2, 2)):
        resume.change(run, 1, n, f"a:{n}")

    def otherwise(policy: str, *, redate: bool = False) -> list[str]:
        return sorted(items.kept_otherwise(resume.journal, policy, redate=redate))

    assert otherwise("keep") == ["a:2"]
    assert otherwise("newer") == ["a:0", "a:2"]
    assert otherwise("newer", redate=True) == ["a:0"]


def test_what_is_wanted_is_what_is_sent_now(resume: Any) -> None:
    """Under the title, the year, the ids and the date of today; the base and where the same question led stay."""
    items.remember(resume.journal, [known("a:0")])
    item = Item("a:0", Kind.SHOW, "Jaws 2", 1978, (), "6", 6, None, "b.csv", 2)
    date = Date(900, Precision.DAY, Origin.ENTRY)
    items.want(
        resume.journal, [Title(n=0, item=item, ids=(("imdb", "tt1"),), rating=6, date=date, rated_at=903, asked=7)]
    )
    assert resume.read("SELECT kind, title, year, ids FROM items") == [("show", "Jaws 2", 1978, '{"imdb":"tt1"}')]
    wanted = {"outcome": Outcome.PENDING, "reason": None, "due": None, "wanted_rating": 6, "wanted": date}
    assert items.remembered(resume.journal) == {"a:0": replace(BEFORE, **wanted)}
