"""A person's own words for what a title is."""

from __future__ import annotations

import pytest

from adapters.reading.kinds import UNKNOWN, UNSUPPORTED, Sort, kind_of
from importer.model import Kind


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("movie movies film films FILM Movie", Kind.MOVIE),
        ("show shows tv TV series Series tvshow tv-show tv_shows", Kind.SHOW),
        ("anime Animes", Kind.ANIME),
        ("season seasons episode game games manga book music podcast musicvideo music-video", UNSUPPORTED),
        ("saga person x movi", UNKNOWN),
    ],
)
def test_a_word_means_a_kind_or_is_told_as_unknown(words: str, expected: Sort) -> None:
    """In any case, singular or plural; what nobody knows is never taken for a film."""
    assert {kind_of(word) for word in words.split()} == {expected}
    assert kind_of("TV Show") is Kind.SHOW
    assert kind_of("") is UNKNOWN
