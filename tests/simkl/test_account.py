"""How a title is looked up among the account's ratings."""

from __future__ import annotations

from importer.model import AccountRating, Ids, Kind
from importer.simkl.account import Account


def on(simkl: int, title: str, ids: Ids, kind: Kind = Kind.MOVIE) -> AccountRating:
    """A rating on the account."""
    return AccountRating(simkl, kind, title, 2000, ids, 8, 0)


def test_an_id_of_two_ratings_leads_to_neither() -> None:
    """It cannot tell which of them is meant; a title of two ratings cannot either."""
    account = Account([on(1, "A", (("imdb", "tt1"),)), on(2, "A", (("imdb", "tt1"),)), on(3, "C", (("imdb", "tt3"),))])
    assert account.by_ids(Kind.MOVIE, (("imdb", "tt1"),)) is None
    assert account.by_title(Kind.MOVIE, (), "A", 2000) is None
    assert account.by_ids(Kind.MOVIE, (("imdb", "tt1"), ("imdb", "tt3"))) is account.by_simkl[3]


def test_a_number_that_all_seasons_share_proves_no_anime() -> None:
    """A series' tmdb or tvdb number is no proof of any of its seasons; their own ids are."""
    account = Account([on(1, "A", (("tmdb", "129"), ("tvdb", "7"), ("mal", "5")), Kind.ANIME)])
    for kind in Kind:
        assert account.by_ids(kind, (("tmdb", "129"), ("tvdb", "7"))) is None
        assert account.by_ids(kind, (("mal", "5"),)) is account.by_simkl[1]
    films = Account([on(1, "A", (("tmdb", "129"),))])
    assert films.by_ids(Kind.SHOW, (("tmdb", "129"),)) is None


def test_a_title_is_not_the_one_of_its_name_where_an_id_names_another() -> None:
    """By its own number, as a person gave it, or by an id of the same site."""
    account = Account([on(7, "A", (("imdb", "tt7"),))])
    assert account.by_title(Kind.MOVIE, (("simkl", "7"),), "A", 2000) is account.by_simkl[7]
    assert account.by_title(Kind.MOVIE, (("simkl", "8"),), "A", 2000) is None
    assert account.by_title(Kind.MOVIE, (("imdb", "tt8"),), "A", 2000) is None
    assert account.by_title(Kind.MOVIE, (("tmdb", "8"),), "A", 2000) is account.by_simkl[7]


def test_where_a_question_led_before_nothing_else_is_looked_up_by_name() -> None:
    """The title it led to has no rating any more, and one of that name is another title."""
    account = Account([on(7, "A", (("imdb", "tt7"),))])
    assert account.find(None, Kind.MOVIE, (), "A", 2000) is account.by_simkl[7]
    assert account.find(9, Kind.MOVIE, (), "A", 2000) is None
    assert account.find(9, Kind.MOVIE, (("imdb", "tt7"),), "A", 2000) is account.by_simkl[7]
