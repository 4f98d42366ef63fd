"""Taking ratings away: POST /sync/ratings/remove and /sync/history/remove."""

from __future__ import annotations

REMOVE = "/sync/ratings/remove"
MATRIX = {"title": "The Matrix", "year": 1999}


async def test_removing_a_rating_keeps_the_library_entry(play):
    """The rating goes, the list stays."""
    async with play() as caller:
        await caller.rate({**MATRIX, "rating": 9})
        reply = await caller.post(REMOVE, {"movies": [{"ids": {"simkl": 53001}}]})
        assert reply.status == 201
        assert reply.json == {"deleted": {"movies": 1, "shows": 0}, "not_found": {"movies": [], "shows": []}}
        assert caller.sandbox.rated("The Matrix") is None
        assert caller.sandbox.account.library == {53001: "completed"}


async def test_removal_counts_what_is_matched_rated_or_not(play):
    """Removing twice, or what never was rated, counts all the same and makes no title."""
    async with play() as caller:
        titles = len(caller.sandbox.catalog.titles)
        for _ in range(2):
            reply = await caller.post(REMOVE, {"movies": [MATRIX, {"title": "Brand New", "year": 2024}]})
            assert reply.json["deleted"]["movies"] == 2
        assert len(caller.sandbox.catalog.titles) == titles


async def test_removal_folds_anime_under_shows(play):
    """Anime sent in shows or anime counts as shows; what is unknown is in not_found.shows."""
    async with play(catalog="closed") as caller:
        lost = {"ids": {"mal": 7}}
        missing = {"movies": [], "shows": [{**lost, "type": "show"}]}
        for section in ("shows", "anime"):
            reply = await caller.post(REMOVE, {section: [{"ids": {"mal": 199}}, lost]})
            assert reply.json == {"deleted": {"movies": 0, "shows": 1}, "not_found": missing}


async def test_removal_from_history_erases_title_and_rating_but_ignores_anime(play):
    """The library entry goes too; the anime key does nothing there, shows takes anime all the same."""
    async with play() as caller:
        account, anime = caller.sandbox.account, [{"ids": {"mal": 199}}]
        await caller.rate({**MATRIX, "rating": 9}, anime=[{**anime[0], "rating": 10}])
        reply = await caller.post("/sync/history/remove", {"movies": [MATRIX], "anime": anime})
        assert set(account.library) == set(account.ratings) == {37001}
        assert reply.json == {"deleted": {"movies": 1, "shows": 0}, "not_found": {"movies": [], "shows": []}}
        await caller.post("/sync/history/remove", {"shows": anime})
        assert account.library == account.ratings == {}


async def test_a_removal_of_seasons_leaves_the_title(play):
    """Only an item without seasons is the whole title."""
    async with play() as caller:
        await caller.rate(shows=[{"ids": {"tvdb": 81189}, "rating": 9}])
        reply = await caller.post("/sync/history/remove", {"shows": [{"ids": {"tvdb": 81189}, "seasons": []}]})
        assert (reply.status, caller.sandbox.account.library) == (201, {17001: "watching"})
