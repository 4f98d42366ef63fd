"""What became of each item, told from the reply alone."""

from __future__ import annotations

import random
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Kind, Outcome
from importer.simkl.reconcile import reconcile
from importer.simkl.wire import Outgoing, parse_reply


def film(n: int, *, ids: bool = True) -> Outgoing:
    """The nth film of a batch; no two share an id or a title."""
    return Outgoing(f"k{n}", Kind.MOVIE, f"Film {n}", 1950 + n, (("imdb", f"tt{n}"),) if ids else (), 7, 1_700_000_000)


def echo(item: Outgoing, form: str) -> dict[str, Any]:
    """An item as an answer may give it back."""
    whole: dict[str, Any] = {"title": item.title, "year": item.year, "ids": dict(item.ids)}
    kept = {
        "whole": ("title", "year", "ids"),
        "ids": ("ids",) if item.ids else ("title", "year"),
        "title": ("title", "year"),
        "typed": ("title", "year", "ids"),
    }[form]
    return {name: whole[name] for name in kept} | ({"type": "movie", "rating": None} if form == "typed" else {})


def reply(added: list[dict[str, Any]], missing: list[dict[str, Any]]) -> bytes:
    """A reply's bytes."""
    statuses = [{"request": one, "response": {"status": "completed"}} for one in added]
    document = {"added": {"movies": 0, "shows": 0, "statuses": statuses}, "not_found": {"movies": missing}}
    return orjson.dumps(document)


FORMS = st.sampled_from(["whole", "ids", "title", "typed"])
FATES = st.sampled_from(["added", "missing", "unnamed"])


@given(st.lists(st.tuples(FATES, FORMS, st.booleans()), min_size=1, max_size=12), st.integers(0, 99))
def test_every_item_gets_its_own_outcome_in_any_order_and_form(fates: list[tuple[str, str, bool]], seed: int) -> None:
    """Never by position, never by equality, never by counts; what is in neither list is unconfirmed."""
    batch = [film(n, ids=ids) for n, (_, _, ids) in enumerate(fates)]
    named = [(fate, echo(item, form)) for item, (fate, form, _) in zip(batch, fates, strict=True)]
    random.Random(seed).shuffle(named)
    body = reply([one for fate, one in named if fate == "added"], [one for fate, one in named if fate == "missing"])
    settled = reconcile(batch, parse_reply(body))
    wanted = {"added": Outcome.APPLIED, "missing": Outcome.NOT_FOUND, "unnamed": Outcome.UNCONFIRMED}
    assert [one.outcome for one in settled] == [wanted[fate] for fate, _, _ in fates]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["added", "statuses", "not_found", "movies", "request", "ids", "title"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_reply_of_whatever_shape_confirms_what_it_does_not_name(document: object) -> None:
    """An object of any shape settles every item, and none as applied unless it is named."""
    if not isinstance(document, dict):
        return
    batch = [film(1), film(2)]
    try:
        body = orjson.dumps(document)
    except TypeError:  # a number beyond 64 bits
        return
    assert {one.outcome for one in reconcile(batch, parse_reply(body))} == {Outcome.UNCONFIRMED}


def test_an_item_that_both_lists_name_is_unconfirmed() -> None:
    """Reading back tells."""
    batch = [film(1)]
    [settled] = reconcile(batch, parse_reply(reply([echo(batch[0], "whole")], [echo(batch[0], "whole")])))
    assert settled.outcome is Outcome.UNCONFIRMED


def test_an_entry_that_matches_nothing_condemns_nothing() -> None:
    """A stray entry, an empty one, one without ids."""
    batch = [film(1), film(2)]
    stray: list[dict[str, Any]] = [{"title": "Else", "ids": {"imdb": "tt99"}}, {}, {"ids": {}}, {"ids": None}]
    settled = reconcile(batch, parse_reply(reply([echo(batch[0], "ids"), echo(batch[1], "title")], stray)))
    assert {one.outcome for one in settled} == {Outcome.APPLIED}


def test_ids_come_back_as_text_or_as_numbers() -> None:
    """Both are the same id."""
    batch = [Outgoing("k", Kind.MOVIE, "", None, (("tmdb", "603"),), 7, 1)]
    for value in (603, "603"):
        [settled] = reconcile(batch, parse_reply(reply([{"ids": {"tmdb": value}}], [])))
        assert (settled.outcome, settled.status) == (Outcome.APPLIED, "completed")


def titled(n: int, title: str, year: int) -> Outgoing:
    """An item without ids."""
    return Outgoing(f"k{n}", Kind.MOVIE, title, year, (), 7, 1)


def test_a_title_without_year_names_one_item_or_none() -> None:
    """Two films of one name went: nobody knows which of them is meant."""
    batch = [titled(1, "The Haunted Castle", 1897), titled(2, "The Haunted Castle", 1921), titled(3, "Heat", 1995)]
    settled = reconcile(batch, parse_reply(reply([{"title": "the haunted castle"}, {"title": "HEAT"}], [])))
    assert [one.outcome for one in settled] == [Outcome.UNCONFIRMED, Outcome.UNCONFIRMED, Outcome.APPLIED]


def test_an_echo_of_another_year_names_nothing() -> None:
    """The title alone counts only where the echo leaves the year out."""
    [settled] = reconcile([titled(1, "Heat", 1995)], parse_reply(reply([{"title": "Heat", "year": 1986}], [])))
    assert settled.outcome is Outcome.UNCONFIRMED


def test_of_several_echoes_of_an_item_the_surest_counts() -> None:
    """Named by its id as added, and by its title in both lists: the id says more, and so does its status."""
    heat = film(1)
    by_id = {"request": echo(heat, "ids"), "response": {"status": "completed"}}
    by_title = {"request": echo(heat, "title"), "response": {"status": "plantowatch"}}
    for statuses in ([by_id, by_title], [by_title, by_id]):
        body = orjson.dumps({"added": {"statuses": statuses}, "not_found": {"movies": [echo(heat, "title")]}})
        [settled] = reconcile([heat], parse_reply(body))
        assert (settled.outcome, settled.status) == (Outcome.APPLIED, "completed")


def test_of_echoes_that_are_equally_sure_the_last_one_counts() -> None:
    """A title that stood twice in a body was written twice: the list that it is on is the one of the second."""
    heat = film(1)
    for form in ("ids", "title"):
        named = [
            {"request": echo(heat, form), "response": {"status": status}} for status in ("plantowatch", "completed")
        ]
        [settled] = reconcile([heat], parse_reply(orjson.dumps({"added": {"statuses": named}})))
        assert settled.status == "completed"


def test_an_echo_with_the_ids_of_two_items_settles_both() -> None:
    """Two rows of one title, each with another id: Simkl may name all that it knows of it at once."""
    batch = [film(1), film(2)]
    body = reply([{"ids": {"imdb": "tt1", "simkl": 7}}, {"ids": {"imdb": "tt2", "simkl": 7}}], [])
    assert [one.outcome for one in reconcile(batch, parse_reply(body))] == [Outcome.APPLIED] * 2
    other = Outgoing("k9", Kind.MOVIE, "Other", 1950, (("tmdb", "9"),), 7, 1_700_000_000)
    both = reply([{"ids": {"imdb": "tt1", "tmdb": "9"}}], [])
    assert [one.outcome for one in reconcile([film(1), other], parse_reply(both))] == [Outcome.APPLIED] * 2
