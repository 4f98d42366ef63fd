"""The state file."""

from __future__ import annotations

import orjson
import pytest

from importer.sandbox.app import Sandbox


async def test_an_account_goes_on_in_another_process(play, tmp_path):
    """Ratings, lists, made titles, stamps and tokens are read back from the file."""
    path = tmp_path / "deep" / "state.json"
    first = Sandbox(pace=0, state=path)
    async with play(first) as caller:
        first.add_token("second", scopes=["media:read"])
        await caller.rate({"title": "Brand New", "year": 2024, "rating": 7, "ids": {"imdb": "tt5"}})
        await caller.rate(shows=[{"ids": {"mal": 199}, "rating": 9}])
        first.account.unrate(53001)
        first.account.put_on_list(17001, "watching", episodes=3)
        first.catalog.alias("Shark!", 1975, "movie", 53037)
        first.merge(53036, 53035)
        stamps = (await caller.get("/sync/activities")).json
        delta = (await caller.get("/sync/ratings?date_from=2020-01-01T00:00:00Z")).json
        first.save()
    again = Sandbox(pace=0, state=path)
    assert again.account.shelf == first.account.shelf
    assert again.account.day == first.account.day
    assert again.rated("Brand New", 2024).rating == 7
    assert again.catalog.find("movie", "Shark!", 1975).title == "Jaws"
    assert again.catalog.by_id("imdb", "tt0113277", film=True).title == "The Room"
    async with play(again) as caller:
        caller.token = "second"
        assert (await caller.get("/sync/activities")).json == stamps
        assert (await caller.get("/sync/ratings?date_from=2020-01-01T00:00:00Z")).json == delta
        assert (await caller.rate()).status == 403


async def test_a_person_can_write_titles_into_it(play, tmp_path):
    """A file with titles alone is enough; they are found by id, by name and by other names, and have a page."""
    path = tmp_path / "state.json"
    path.write_text(
        """{"version": 2, "titles": [
            {"kind": "movie", "title": "Our Film", "year": 2020, "ids": {"imdb": "tt7654321"},
             "names": ["Nuestra", {"name": "Unser Film", "lang": "de"}]},
            {"kind": "movie", "title": "Later", "year": 2050, "released": false}]}"""
    )
    async with play(state=path, catalog="closed") as caller:
        reply = await caller.rate({"title": "Unser Film", "year": 2020, "rating": 7}, {"title": "Later", "rating": 8})
        assert [status["response"]["status"] for status in reply.json["added"]["statuses"]] == [
            "completed",
            "plantowatch",
        ]
        number = caller.sandbox.catalog.find("movie", "Our Film").simkl
        names = (await caller.get(f"/movies/{number}")).json["alt_titles"]
        assert names == [{"name": "Nuestra", "lang": None}, {"name": "Unser Film", "lang": "de"}]
    again = Sandbox(state=path, catalog="closed")
    assert again.rated("Our Film").rating == 7


def test_a_file_of_the_version_before_is_read(tmp_path):
    """With names without a language, and without what was not kept then."""
    path = tmp_path / "state.json"
    title = {"simkl": 10**9, "kind": "movie", "title": "Old", "year": 1990, "ids": {"imdb": "tt3"}, "also": ["Alt"]}
    title |= {"anime_type": None, "episodes": None, "released": True}
    account = {"id": 51, "name": "Me", "ratings": [[10**9, 8, None]], "library": [[10**9, "completed"]]}
    account |= {"stamps": {"movie": {"all": 5}, "show": {}, "anime": {}}, "spent": ["2026-01-01", 3]}
    token = {"value": "t", "account": 51, "scopes": ["media:read"], "expires": None, "refresh": None, "revoked": False}
    content = {"version": 1, "accounts": [account], "titles": [title], "tokens": [token], "refresh_tokens": []}
    path.write_bytes(orjson.dumps(content))
    box = Sandbox(state=path)
    assert box.rated("Alt", 1990).rating == 8
    assert (box.account.stamps.newest, box.account.day.used) == (5, 3)
    assert box.keyring.valid("t").scopes == {"media:read"}


async def test_the_state_file_is_replaced_whole(play, tmp_path):
    """No half-written or left-over file stands beside it."""
    path = tmp_path / "state.json"
    async with play(state=path) as caller:
        for n in range(3):
            await caller.rate({"title": f"Film {n}", "rating": 5})
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"version":99,"titles":[]}', b'{"version":2}', b'{"version":2,"titles":[5]}']
)
def test_a_file_that_is_no_state_is_refused(tmp_path, content):
    """Somebody else's file is an error, and is left as it was."""
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        Sandbox(state=path)
    assert path.read_bytes() == content
