"""Whether what an adapter yields is what the rest of the program can take: types, texts, keys, ids, places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final

from adapters.reading.ids import NUMERIC
from importer.model import Date, Item, Kind, Origin, Reason, Rejected, Remark, Skipped, Superseded

IDS: Final = NUMERIC | {"imdb", "letterboxd", "traktslug", "animeplanet", "netflix", "hulu", "crunchyroll"}
"""Every id key that POST /sync/ratings takes (/api-reference/simkl/add-ratings)."""

LONGEST: Final = 10_000

_REJECTED: Final = frozenset(
    {
        *(Reason.OUT_OF_RANGE, Reason.NOT_A_NUMBER, Reason.NO_IDENTITY, Reason.NO_YEAR, Reason.AMBIGUOUS_TITLE),
        *(Reason.UNREADABLE_DATE, Reason.UNKNOWN_KIND, Reason.MALFORMED_ROW),
    }
)
_SKIPPED: Final = frozenset({Reason.UNRATED, Reason.UNSUPPORTED_KIND})
_IMDB = re.compile(r"tt[0-9]{1,10}")


def value_faults(name: str, said: object, members: Collection[str]) -> Iterator[str]:
    """Say what is wrong with one thing that an adapter of this name yields of these members."""
    match said:
        case Remark():
            if not (type(said.text) is str and said.text.isprintable() and said.text):
                yield f"yields a remark that is no line of text: {said.text!r:.80}"
        case Item() | Superseded() | Rejected() | Skipped():
            item = said if isinstance(said, Item) else said.item
            where = f"row {item.line} of {item.file}: "
            yield from (where + fault for fault in _item_faults(name, item, members))
            if isinstance(said, Rejected) and said.reason not in _REJECTED:
                yield f"{where}is rejected for {said.reason!r}, which is no reason of an adapter's"
            if isinstance(said, Skipped) and said.reason not in _SKIPPED:
                yield f"{where}is skipped for {said.reason!r}, which is no reason of an adapter's"
        case _:
            yield f"yields what is neither a row nor a remark: {type(said).__name__}"


def _item_faults(name: str, item: Item, members: Collection[str]) -> Iterator[str]:
    texts = {"key": item.key, "title": item.title, "source_rating": item.source_rating, "file": item.file}
    for field, text in texts.items():
        if not _is_text(text):
            yield f"{field} is no text that can be written down: {text!r:.80}"
    if not (_is_text(item.key) and item.key.startswith(f"{name}:") and item.key != f"{name}:"):
        yield f"key does not begin with the format's name, {name}:, and name a title: {item.key!r:.80}"
    if item.kind is not None and type(item.kind) is not Kind:
        yield f"kind is no Kind: {item.kind!r:.80}"
    if item.year is not None and not (type(item.year) is int and 0 < item.year < 10_000):
        yield f"year is none: {item.year!r:.80}"
    if item.rating is not None and type(item.rating) not in (int, Decimal):
        yield f"rating is a {type(item.rating).__name__}: it has to be an int, a Decimal where it is not whole, or None"
    if item.date is not None and not (type(item.date) is Date and item.date.origin is not Origin.RUN):
        yield f"date is none of an export: {item.date!r:.80}"
    if item.file not in members or type(item.line) is not int or item.line < 1:
        yield "does not stand in a member that the claim names, at a line from 1"
    yield from _id_faults(item)


def _id_faults(item: Item) -> Iterator[str]:
    if type(item.ids) is not tuple:
        yield f"ids are a {type(item.ids).__name__}, not a tuple of pairs"
        return
    for pair in item.ids:
        match pair:
            case (str(site), str(value)) if site in IDS and value:
                if site in NUMERIC and not (value.isascii() and value.isdigit() and value[0] != "0"):
                    yield f"id of {site} is no number: {value!r:.80}"
                if site == "imdb" and _IMDB.fullmatch(value) is None:
                    yield f"id of imdb is not tt and digits: {value!r:.80}"
            case _:
                yield f"has an id that Simkl does not take: {pair!r:.80}"
    if len({pair[0] for pair in item.ids}) < len(item.ids):
        yield "has two ids of one site"


def _is_text(text: object) -> bool:
    if type(text) is not str or len(text) > LONGEST:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
