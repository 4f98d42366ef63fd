"""The state file."""

from __future__ import annotations

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
        stamps = (await caller.get("/sync/activities")).json
    again = Sandbox(pace=0, state=path)
    assert (again.account.ratings, again.account.library) == (first.account.ratings, first.account.library)
    assert again.rated("Brand New", 2024).rating == 7
    async with play(again) as caller:
        caller.token = "second"
        assert (await caller.get("/sync/activities")).json == stamps
        assert (await caller.rate()).status == 403


async def test_the_state_file_is_replaced_whole(play, tmp_path):
    """No half-written or left-over file stands beside it."""
    path = tmp_path / "state.json"
    async with play(state=path) as caller:
        for n in range(3):
            await caller.rate({"title": f"Film {n}", "rating": 5})
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version":99}', b'{"version":1}'])
def test_a_file_that_is_no_state_is_refused(tmp_path, content):
    """Somebody else's file is an error, and is left as it was."""
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        Sandbox(state=path)
    assert path.read_bytes() == content
