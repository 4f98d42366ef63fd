"""The offline half of an import: rows judged, amended and merged, and nothing unfit on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Date, Item, Kind, Origin, Outcome, Precision, Reason, Rejected, Skipped, Superseded
from importer.plan.draft import Draft, amended, draft
from importer.plan.judge import Policy, Undated
from importer.plan.sides import Given
from importer.simkl.wire import Encoder, Outgoing

Make = Callable[..., Item]
On = Callable[..., Date]
Rules = Callable[..., Policy]


def rulings(found: Draft) -> list[Any]:
    """Why each row is not sent, None for one that counts for its title."""
    return [None if isinstance(verdict, Date) else verdict for verdict in found.verdicts]


def body(rows: list[Any], policy: Policy) -> dict[str, Any]:
    """What would stand in a request for these rows."""
    found = draft(rows, policy, {}, {}).titles(policy.start)
    sent = Encoder().body(
        Outgoing(
            one.item.key, one.item.kind or Kind.MOVIE, one.item.title, one.item.year, one.ids, one.rating, one.rated_at
        )
        for one in found
    )
    document: dict[str, Any] = orjson.loads(sent)
    return document


def test_every_row_is_kept_with_its_fault_in_input_order(item: Make, on: On, policy: Rules) -> None:
    """Winners have none."""
    rows = [
        item(key="a:1", title="One"),
        Rejected(item(key="a:2"), Reason.MALFORMED_ROW),
        Skipped(item(key="a:3"), Reason.UNRATED),
        Superseded(item(key="a:4")),
        item(key="a:5", rating=None),
        item(key="a:1", title="One", date=on("2024-05-01")),
    ]
    found = draft(rows, policy(), {}, {})
    assert [one.key for one in found.items] == ["a:1", "a:2", "a:3", "a:4", "a:5", "a:1"]
    assert rulings(found) == [
        (Outcome.DUPLICATE, None),
        (Outcome.REJECTED, Reason.MALFORMED_ROW),
        (Outcome.SKIPPED, Reason.UNRATED),
        (Outcome.DUPLICATE, None),
        (Outcome.REJECTED, Reason.NOT_A_NUMBER),
        None,
    ]
    assert [ours.n for ours in found.titles(policy().start)] == [5]


def test_nothing_read_is_nothing_to_send(policy: Rules) -> None:
    """An export with a header alone."""
    found = draft([], policy(), {}, {})
    assert (found.items, rulings(found), list(found.titles(policy().start))) == ([], [], [])


def test_what_a_person_gave_for_a_key_counts_before_judging(item: Make, policy: Rules) -> None:
    """A year, a kind and ids mend the row they were given for, and no other."""
    row = item(key="a:1", title="One", year=None)
    other = item(key="a:2", title="Two", year=None)
    found = draft([row, other], policy(), {"a:1": Given((("imdb", "tt1"),), Kind.SHOW, 1999)}, {})
    (ours,) = found.titles(policy().start)
    assert (ours.item.kind, ours.item.year, ours.ids) == (Kind.SHOW, 1999, (("imdb", "tt1"),))
    assert rulings(found)[1] == (Outcome.REJECTED, Reason.NO_YEAR)


def test_given_ids_go_without_the_rows_own(item: Make) -> None:
    """The person looked them up, and one of the row's may be what was wrong."""
    row = item(ids=(("imdb", "tt1"), ("tmdb", "5")))
    mended = amended(row, Given((("imdb", "tt2"), ("mal", "7")), None, None))
    assert dict(mended.ids) == {"imdb": "tt2", "mal": "7"}
    assert (mended.kind, mended.year) == (row.kind, row.year)
    assert amended(row, Given((), None, 1999)).ids == row.ids


@pytest.mark.parametrize("rating", [11, 0, 7.5, True, Decimal("7.5"), Decimal(7), "7", None])
def test_an_adapter_cannot_get_anything_but_whole_ratings_onto_the_wire(item: Make, policy: Rules, rating: Any) -> None:
    """Also not where another row of that title is good."""
    bad = item(key="other:1", rating=rating, title="Bad")
    good = item(key="other:2", rating=7, title="Good")
    assert body([bad], policy()) == {}
    assert [one["rating"] for one in body([bad, good, item(key="other:2", rating=rating)], policy())["movies"]] == [7]


def test_films_go_under_movies_and_all_else_under_shows(item: Make, policy: Rules) -> None:
    """Anime with anime ids alone, and no key that Simkl would not take."""
    rows = [
        item(key="t:1", ids=(("trakt", "1"), ("slug", "heat"), ("imdb", "tt1"), ("traktslug", "heat-1995"))),
        item(key="t:2", kind=Kind.SHOW, title="Show", ids=(("tvdb", "8"), ("plex", "{}"))),
        item(key="m:3", kind=Kind.ANIME, title="Anime", ids=(("mal", "3"), ("tmdb", "9"), ("imdb", "tt9"))),
        item(key="t:4", title="Slug", ids=(("traktslug", "slug-1995"),)),
    ]
    sent = body(rows, policy())
    assert [one["ids"] for one in sent["movies"]] == [{"imdb": "tt1"}, {"traktslug": "slug-1995"}]
    assert [one["ids"] for one in sent["shows"]] == [{"tvdb": 8}, {"mal": 3}]
    assert all(one["title"] and one["year"] == 1995 for group in sent.values() for one in group)


@given(
    st.lists(
        st.builds(
            Item,
            st.sampled_from(["a:1", "a:2", "b:1", "b:2"]),
            st.none() | st.sampled_from(Kind),
            st.sampled_from(["", "Heat", "Ronin"]),
            st.none() | st.integers(1990, 1992),
            st.lists(
                st.tuples(
                    st.sampled_from(["imdb", "tmdb", "tvdb", "mal", "simkl", "trakt", "slug", "traktslug", "plex"]),
                    st.sampled_from(["1", "2"]),
                ),
                max_size=3,
            ).map(tuple),
            st.just("?"),
            st.one_of(st.none(), st.integers(-1, 12), st.decimals(), st.booleans(), st.floats(0, 11)),
            st.none()
            | st.builds(Date, st.integers(-(10**10), 10**10), st.sampled_from(Precision), st.sampled_from(Origin)),
            st.just("f"),
            st.integers(1, 9),
        ),
        max_size=8,
    ),
    st.sampled_from(Undated),
)
def test_whatever_adapters_yield_every_item_on_the_wire_is_right(
    policy: Rules, rows: list[Any], undated: Undated
) -> None:
    """A whole rating, an explicit moment with Z, an identity, and no key that may not go."""
    for name, group in body(rows, policy(undated=undated)).items():
        for one in group:
            assert type(one["rating"]) is int
            assert 1 <= one["rating"] <= 10
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["rated_at"])
            assert one.get("ids") or (one["title"] and one["year"])
            ids = set(one.get("ids", {}))
            assert ids.isdisjoint({"trakt", "slug", "plex"})
            assert "traktslug" not in ids or ids == {"traktslug"}
            assert name in ("movies", "shows")
            assert not (ids & {"mal"} and ids & {"imdb", "tmdb", "tvdb"})
