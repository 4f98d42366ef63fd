"""What is suggested for a row that Simkl did not know: the right title first, or nothing."""

from __future__ import annotations

import pytest

from importer.model import Kind
from importer.plan.candidates import MOST, Candidate, Sought, rank

CATALOGUE = """
1|movie|Heat|1995|Fuego contra fuego
2|movie|Heat|1986|
3|movie|Heat|2013|The Heat
4|movie|The Thing|1982|Das Ding aus einer anderen Welt
5|movie|The Thing|2011|
6|movie|Le Fabuleux Destin d'Amélie Poulain|2001|Amelie|Die fabelhafte Welt der Amélie
7|movie|Сталкер|1979|Stalker
8|movie|七人の侍|1954|Seven Samurai|Shichinin no samurai
9|movie|Rocky|1976|
10|movie|Rocky II|1979|
11|movie|Rocky III|1982|
12|movie|Kill Bill: Vol. 2|2004|
13|movie|Kill Bill: Vol. 1|2003|
14|movie|Dune|1984|
15|movie|Dune: Part One|2021|
16|movie|Fargo|1996|
17|show|Fargo|2014|
18|movie|L'Avventura|1960|The Adventure
19|movie|Ocean's Eleven|2001|
20|movie|Ocean's Eleven|1960|Ocean's 11
21|movie|Alien|1979|
22|movie|Aliens|1986|
23|movie|Alien³|1992|Alien 3
24|show|The Office|2005|The Office (US)
25|show|The Office|2001|The Office (UK)
26|movie|Saw|2004|
27|movie|Fast & Furious|2009|
28|movie|Birdman or (The Unexpected Virtue of Ignorance)|2014|
29|anime|Kimi no Na wa.|2016|Your Name.|君の名は。
30|movie|Il buono, il brutto, il cattivo|1966|The Good, the Bad and the Ugly
31|movie|Smultronstället|1957|Wild Strawberries
32|movie|Smørrebrød Days|1999|
33|movie|Psycho|1960|
34|movie|Psycho|1998|
35|movie|Eternal Sunshine of the Spotless Mind|2004|
36|movie|Se7en|1995|Seven
37|movie|M|1931|
38|movie|The Godfather Part II|1974|The Godfather 2
39|movie|기생충|2019|Parasite
40|movie|Parasite|1982|
41|show|Battlestar Galactica|2003|
42|show|Battlestar Galactica|1978|
"""


def _catalogue() -> list[Candidate]:
    found = []
    for line in CATALOGUE.strip().splitlines():
        number, kind, title, year, *names = line.split("|")
        others = tuple(filter(None, names))
        found.append(Candidate(int(number), Kind(kind), title, int(year), others, f"https://simkl.com/{number}"))
    return found


@pytest.mark.parametrize(
    ("kind", "title", "year", "simkl"),
    [
        ("movie", "Heat", 1995, 1),
        ("movie", "Heat", 1986, 2),
        ("movie", "Heat", 1987, 2),
        ("movie", "Thing, The", 1982, 4),
        ("movie", "Thing", 2011, 5),
        ("movie", "The Thing", 2010, 5),
        ("movie", "Amélie", 2001, 6),
        ("movie", "Le fabuleux destin d’Amelie Poulain", 2002, 6),
        ("movie", "Stalker", 1979, 7),
        ("movie", "СТАЛКЕР", 1980, 7),
        ("movie", "The Seven Samurai", 1954, 8),
        ("movie", "Rocky 2", 1979, 10),
        ("movie", "Rocky", 1976, 9),
        ("movie", "Kill Bill Volume Two", 2004, 12),
        ("movie", "Dune", 2021, 15),
        ("movie", "Dune", 1984, 14),
        ("movie", "Fargo", 1996, 16),
        ("show", "Fargo", 2014, 17),
        ("movie", "Avventura", 1960, 18),
        ("movie", "Oceans Eleven", 2001, 19),
        ("movie", "Ocean's 11", 1960, 20),
        ("movie", "Alien 3", 1992, 23),
        ("movie", "Aliens", 1986, 22),
        ("show", "The Office", 2001, 25),
        ("movie", "Fast and Furious", 2009, 27),
        ("movie", "Birdman", 2014, 28),
        ("anime", "Your Name", 2016, 29),
        ("movie", "The Good, The Bad & The Ugly", 1966, 30),
        ("movie", "Smultronstallet", 1957, 31),
        ("movie", "Smorrebrod Days", 1999, 32),
        ("movie", "Psycho (1998)", 1998, 34),
        ("movie", "Eternal Sunshine of a Spotless Mind", 2004, 35),
        ("movie", "Seven", 1995, 36),
        ("movie", "M", 1931, 37),
        ("movie", "Godfather: Part 2, The", 1974, 38),
        ("movie", "Parasite", 2019, 39),
        ("movie", "Wild Strawberries", None, 31),
        ("show", "Battlestar Galactica", 2004, 41),
    ],
)
def test_the_title_that_is_meant_comes_first_and_is_good_enough(
    kind: str, title: str, year: int | None, simkl: int
) -> None:
    """Also among remakes, sequels and namesakes, and however it is spelled."""
    ranking = rank(Sought(Kind(kind), title, year), _catalogue())
    assert ranking.suggestion is not None
    assert ranking.suggestion.simkl == simkl
    assert len(ranking.candidates) <= MOST


@pytest.mark.parametrize(
    ("kind", "title", "year"),
    [
        ("movie", "Heat", 2004),
        ("movie", "Heat 2", 1995),
        ("movie", "Heat Reloaded", 1995),
        ("movie", "Rocky 9", 1982),
        ("movie", "Say", 2004),
        ("movie", "Psycho", None),
        ("movie", "Nobody Made This", 2001),
        ("show", "Rocky", 1976),
        ("movie", "The Office", 2001),
        ("movie", "Alien Samurai", 1979),
        ("movie", "The Godfather Returns", 1974),
        ("movie", "Batman: Heat", 1995),
        ("movie", "", None),
        ("movie", "???", 1995),
    ],
)
def test_nothing_is_suggested_for_what_nobody_made_or_several_could_be(kind: str, title: str, year: int | None) -> None:
    """A word more, another number, another kind, or a year that is not theirs is another title."""
    assert rank(Sought(Kind(kind), title, year), _catalogue()).suggestion is None


def test_what_is_not_good_enough_is_still_shown_to_a_person() -> None:
    """The remakes of a title without a year, in the order of the search."""
    ranking = rank(Sought(Kind.MOVIE, "Psycho", None), _catalogue())
    assert [one.simkl for one in ranking.candidates][:2] == [33, 34]


ANIME = [
    Candidate(1, Kind.ANIME, "Kimi no Na wa.", 2016, ("Your Name.",), "", "movie"),
    Candidate(2, Kind.ANIME, "Shingeki no Kyojin", 2013, ("Attack on Titan",), "", "tv"),
    Candidate(3, Kind.SHOW, "Avatar: The Last Airbender", 2005, (), ""),
    Candidate(4, Kind.ANIME, "Cowboy Bebop", 1998, (), ""),
]


@pytest.mark.parametrize(
    ("kind", "title", "year", "simkl"),
    [
        ("movie", "Your Name", 2016, 1),
        ("show", "Attack on Titan", 2013, 2),
        ("anime", "Avatar: The Last Airbender", 2005, 3),
        ("show", "Your Name", 2016, None),
        ("movie", "Attack on Titan", 2013, None),
        ("movie", "Avatar: The Last Airbender", 2005, None),
        ("anime", "Cowboy Bebop", 1998, 4),
        ("show", "Cowboy Bebop", 1998, None),
        ("movie", "Cowboy Bebop", 1998, None),
    ],
)
def test_a_title_is_suggested_where_simkl_files_it(kind: str, title: str, year: int, simkl: int | None) -> None:
    """A film of anime for a film, a series of anime for a series; a series is no film, and where nobody says what an
    anime is it is neither.
    """
    found = rank(Sought(Kind(kind), title, year), ANIME).suggestion
    assert (found and found.simkl) == simkl


def test_of_a_row_of_films_with_one_beginning_none_is_suggested() -> None:
    """Which one the row does not say; the first part needs no number."""
    films = [
        Candidate(1, Kind.MOVIE, "The Hobbit: An Unexpected Journey", 2012, (), ""),
        Candidate(2, Kind.MOVIE, "The Hobbit: The Desolation of Smaug", 2013, (), ""),
        Candidate(3, Kind.MOVIE, "Dune: Part One", 2021, (), ""),
        Candidate(4, Kind.MOVIE, "Dune: Part Two", 2024, (), ""),
    ]
    assert rank(Sought(Kind.MOVIE, "The Hobbit", 2012), films).suggestion is None
    assert rank(Sought(Kind.MOVIE, "Dune", 2024), films).suggestion is None
    assert rank(Sought(Kind.MOVIE, "Dune", 2021), films).suggestion == films[2]


def test_a_title_that_has_no_year_on_simkl_has_to_be_the_very_same() -> None:
    """As one that the row says no year of."""
    nameless = [Candidate(1, Kind.MOVIE, "Heat", None, (), "https://simkl.com/1")]
    for year in (1995, None):
        found = rank(Sought(Kind.MOVIE, "HEAT", year), nameless).suggestion
        assert found is not None
        assert found.simkl == 1
        assert rank(Sought(Kind.MOVIE, "Heats", year), nameless).suggestion is None


def test_a_short_title_with_another_letter_is_another_title() -> None:
    """A long one may be misspelled."""
    short = [
        Candidate(1, Kind.MOVIE, "Ran", 1985, (), ""),
        Candidate(2, Kind.MOVIE, "Terminatr", 1984, (), ""),
        Candidate(3, Kind.MOVIE, "Song of Norway", 1970, (), ""),
    ]
    assert rank(Sought(Kind.MOVIE, "Rat", 1985), short).suggestion is None
    assert rank(Sought(Kind.MOVIE, "Son of Norway", 1970), short).suggestion is None, "so is a short word of a long one"
    found = rank(Sought(Kind.MOVIE, "Terminator", 1984), short).suggestion
    assert found is not None
    assert found.simkl == 2


def test_a_word_with_another_number_in_it_is_another_word() -> None:
    """However long the rest of it is."""
    other = Candidate(1, Kind.MOVIE, "Chronicles of District14", 2000, (), "https://simkl.com/1")
    assert rank(Sought(Kind.MOVIE, "Chronicles of District13", 2000), [other]).suggestion is None


def test_a_word_with_another_first_letter_is_another_word() -> None:
    """And a word behind a head is no number."""
    others = [
        Candidate(1, Kind.MOVIE, "The Hunting of Hill House", 1963, (), ""),
        Candidate(2, Kind.MOVIE, "Kill Bill Again: The Whole Affair", 2004, (), ""),
    ]
    assert rank(Sought(Kind.MOVIE, "The Bunting of Hill House", 1963), others).suggestion is None
    assert rank(Sought(Kind.MOVIE, "Kill Bill: The Whole Affair", 2004), others).suggestion is None
