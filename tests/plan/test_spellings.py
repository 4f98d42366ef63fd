"""The spellings of a title."""

from __future__ import annotations

import pytest

from importer.plan.spellings import head_and_tail, is_first_part, own_title, plain_words, readings, without_article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rocky II", "ROCKY 2"),
        ("Kill Bill: Vol. 2", "Kill Bill Volume Two"),
        ("Harry Potter and the Deathly Hallows: Part I", "Harry Potter & the Deathly Hallows - Part 1"),
        ("Boku no Hero Academia 2nd Season", "Boku no Hero Academia Season 2"),
        ("Zoolander No. 2", "Zoolander 2"),
        ("Scott Pilgrim Versus the World", "Scott Pilgrim vs. the World"),
        ("Smørrebrød", "smorrebrod"),
        ("Броненосец Потёмкин", "Броненосец Потемкин"),
        ("Heat (1995)", "Heat"),
    ],
)
def test_two_spellings_are_the_same_plain_words(one: str, other: str) -> None:
    """Whatever the accents, the signs and the way of counting."""
    assert plain_words(one) == plain_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rocky", "Rocky 2"), ("Dr. No", "Dr."), ("Part of Me", "Of Me"), ("Episode", "Season"), ("I Robot", "Robot")],
)
def test_a_word_that_counts_nothing_stays(one: str, other: str) -> None:
    """Only a number makes it one that counts."""
    assert plain_words(one) != plain_words(other)


@pytest.mark.parametrize("title", ["Thing, The", "The Thing", "Thing"])
def test_an_article_stands_in_front_behind_or_nowhere(title: str) -> None:
    """One word alone stays, whatever it is."""
    assert without_article(title) == ("thing",)
    assert without_article("The") == ("the",)
    assert without_article("L'Avventura") == without_article("Avventura, L'")


@pytest.mark.parametrize(
    ("title", "others"),
    [
        ("Heat", []),
        ("Heat (1995)", []),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            ["City of Lost Children, The", "Cité des enfants perdus, La"],
        ),
        ("Twelve Monkeys (a.k.a. 12 Monkeys)", ["Twelve Monkeys", "12 Monkeys"]),
        ("Chaos (a.k.a. Ran)", ["Chaos", "Ran"]),
        ("Chaos (a.k.a. It)", ["Chaos"]),
        ("Blade Runner: The Final Cut", ["Blade Runner"]),
        ("Blade Runner (Director's Cut)", ["Blade Runner"]),
        ("The Office (US)", ["The Office"]),
        ("Сталкер / Stalker", ["Сталкер", "Stalker"]),
        ("Dune (Part Two)", []),
        ("Dune (the second part, two)", ["Dune", "the second part, two"]),
        ("Frost/Nixon", []),
    ],
)
def test_a_cell_may_stand_for_more_than_one_title(title: str, others: list[str]) -> None:
    """Itself first; what tells two parts of one title apart is never left out."""
    assert [name for name, _ in readings(title)][1:] == others
    assert readings(title)[0][1] == 0


def test_halves_and_first_parts() -> None:
    """A tail that only says that it is the first part says nothing."""
    assert head_and_tail("Dune: Part One") == ("Dune", "Part One")
    assert head_and_tail("Spider-Man") == ("Spider-Man", "")
    assert [is_first_part(tail) for tail in ("Part One", "Chapter 1", "Vol. I", "Part Two", "A New Hope")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert own_title("(1995)") == "(1995)"


def test_a_title_without_a_second_one_in_brackets_is_more_doubtful_than_without_an_edition() -> None:
    """An edition is no part of any title; what else stands there may be."""
    (_, edition), (_, other) = (readings(f"Heat ({inside})")[1] for inside in ("Director's Cut", "Hitze"))
    assert 0 < edition < other
