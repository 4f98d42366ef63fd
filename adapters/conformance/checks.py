"""The promises of an adapter, each tried on one sample."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from adapters.conformance.damage import damaged
from adapters.conformance.guard import watched
from adapters.conformance.values import value_faults
from adapters.protocol import Choices, Claim, Source
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Remark, Row

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from adapters.protocol import Adapter

MOST: Final = 20
"""Faults that are told; an adapter with more of them has mostly one."""

CANARY: Final = "canary@example.org"
PRIVATE: Final = ("user-profile.json", "profile.csv", "account/tokens.json", "emails.csv", "user-settings.json")
"""Members that stand in real archives beside the ratings, and are nobody's business."""

STRANGERS: Final = {
    "an empty file": b"",
    "prose": b"Dear diary, today I rated a film.\n",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "nothing but NUL": b"\0" * 99,
    "an empty array": b"[]",
    "an empty object": b"{}",
    "a web page": b"<html><body>404</body></html>",
    "another table": b"a,b\n1,2\n",
    "other JSON": b'[{"id":1,"name":"x"}]',
}

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PLAIN: Final = Choices()

Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Shelf:
    """A sample's members in memory, and which of them have been opened."""

    source: Source
    data: Mapping[str, bytes]
    opened: set[str] = field(default_factory=set)

    def lend(self, changes: Mapping[str, bytes] | None = None) -> Source:
        """Make a source of the members, with some of them changed or added; no look at an earlier one is remembered."""
        self.opened.clear()
        openers = {name: self._opener(name, data) for name, data in {**self.data, **(changes or {})}.items()}
        return replace(self.source, members=openers, heads={})

    def _opener(self, name: str, data: bytes) -> Callable[[], bytes]:
        def opener() -> bytes:
            self.opened.add(name)
            return data

        return opener


def faults(
    adapter: Adapter,
    sample: Path,
    rows: int,
    *,
    choices: Choices = _PLAIN,
    today: date | None = None,
    others: Iterable[Path] = (),
) -> list[str]:
    """Return what an adapter does on a sample that no adapter may do, one sentence each; an empty list if it conforms.

    The sample is an export in a form of the adapter's, and `rows` the number of rows that it holds: you count them.
    `choices` are what a person has to say for it (a scale), `today` tells what a two-digit year means. `others` are
    exports that are not the adapter's, which it must leave alone.
    """
    source = open_source(sample, choices, today)
    shelf = _Shelf(source, {name: opener() for name, opener in source.members.items()})
    found: dict[str, None] = {}
    with watched(sample.absolute()) as deeds:
        for fault in _all(adapter, shelf, rows):
            found.setdefault(fault)
            if len(found) == MOST:
                break
    found.update(dict.fromkeys(deeds))
    for other in others:
        if other != sample and isinstance(claim := _try(lambda: adapter.claim(open_source(other))), Claim):  # noqa: B023
            found.setdefault(f"claims {other.name}, which is not its own: {claim.why}")
    return list(found)


def _all(adapter: Adapter, shelf: _Shelf, rows: int) -> Iterator[str]:
    yield from _about(adapter)
    source = shelf.lend()
    claim = _try(lambda: adapter.claim(source))
    if not isinstance(claim, Claim):
        yield f"does not claim its own sample: {_told(claim)}"
        return
    yield from _claim(claim, source)
    shelf.opened.clear()
    read = _read(adapter, source, claim)
    if isinstance(read, Exception):
        yield f"cannot read its own sample: {_told(read)}"
        return
    for name in sorted(shelf.opened - {*claim.members, *claim.helpers}):
        yield f"reads {name}, which its claim names neither as a member nor as a helper"
    for said in read:
        yield from value_faults(adapter.name, said, claim.members)
    counted = [said for said in read if not isinstance(said, Remark)]
    if len(counted) != rows:
        yield f"reads {len(counted)} rows of a sample that holds {rows}"
    if len({repr(said) for said in counted}) < len(counted):
        yield "yields the same row twice"
    yield from _again(adapter, shelf, read)
    yield from _private(adapter, shelf)
    yield from _damage(adapter, shelf, claim)
    yield from _strangers(adapter, shelf)


def _about(adapter: Adapter) -> Iterator[str]:
    if not _NAME.fullmatch(adapter.name):
        yield f"name is not made of small letters, digits, - and _: {adapter.name!r}"
    for about in fields(adapter.about):
        if not getattr(adapter.about, about.name):
            yield f"about.{about.name} is empty: `simkl-import formats` has nothing to tell"


def _claim(claim: Claim, source: Source) -> Iterator[str]:
    if not claim.members or not set(claim.members) <= set(source.members):
        yield f"claims members that are not there: {claim.members!r:.80}"
    if len(set(claim.members)) < len(claim.members):
        yield "claims a member twice"
    if not claim.why:
        yield "does not say why it claims a source"


def _again(adapter: Adapter, shelf: _Shelf, before: list[Row | Remark]) -> Iterator[str]:
    source = shelf.lend()
    claim = _try(lambda: adapter.claim(source))
    if not isinstance(claim, Claim) or _read(adapter, source, claim) != before:
        yield "reads the same sample in another way the second time"


def _private(adapter: Adapter, shelf: _Shelf) -> Iterator[str]:
    """Put private members beside the sample: none may be opened, and nothing of them may come out."""
    secret = f'{{"name":"x","email":"{CANARY}","rating":9}}'.encode()
    source = shelf.lend(dict.fromkeys(PRIVATE, secret))
    claim = _try(lambda: adapter.claim(source))
    read = _read(adapter, source, claim) if isinstance(claim, Claim) else claim
    for name in PRIVATE:
        if name in shelf.opened:
            yield f"opens {name}, which holds what is nobody's business"
    if CANARY in repr(read):
        yield "tells what stands in a private member"
    if isinstance(read, Exception) and not isinstance(read, ExportError):
        yield f"raises {_told(read)} where private members stand beside the sample"


def _damage(adapter: Adapter, shelf: _Shelf, claim: Claim) -> Iterator[str]:
    """Whatever is wrong with a file, its end is rows, or an ExportError with a sentence for the person."""
    for name in claim.members:
        for what, data in damaged(shelf.data[name]):
            source = shelf.lend({name: data})
            # One fault for each way of damage: what is wrong with one row is mostly wrong with all.
            yield from (f"{fault}, with {name} {what}" for fault in islice(_ended(adapter, source), 1))


def _ended(adapter: Adapter, source: Source) -> Iterator[str]:
    claim = _try(lambda: adapter.claim(source))
    ended = _read(adapter, source, claim) if isinstance(claim, Claim) else claim
    if isinstance(claim, Claim) and isinstance(ended, list):
        for said in ended:
            yield from value_faults(adapter.name, said, claim.members)
    elif isinstance(ended, ExportError):
        if not ended.message.isprintable():
            yield "refuses with what is no line of text"
    elif isinstance(ended, Exception):
        yield f"raises {_told(ended)}"


def _strangers(adapter: Adapter, shelf: _Shelf) -> Iterator[str]:
    for what, data in STRANGERS.items():
        answer = _try(lambda: adapter.claim(Source("file", {"file": lambda: data}, shelf.source.choices)))  # noqa: B023
        if isinstance(answer, Claim) and not answer.resort:
            yield f"claims {what}: {answer.why}"
        elif isinstance(answer, Exception) and not isinstance(answer, ExportError):
            yield f"raises {_told(answer)} for {what}"


def _read(adapter: Adapter, source: Source, claim: Claim) -> list[Row | Remark] | Exception:
    return _try(lambda: list(adapter.read(source, claim)))


def _try(act: Callable[[], Answer]) -> Answer | Exception:
    """Return what an act returns, or raises."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 (whatever somebody else's code does is what is looked for)
        return error


def _told(answer: object) -> str:
    if isinstance(answer, ExportError):
        return answer.message
    return f"{type(answer).__name__}: {answer}" if isinstance(answer, Exception) else repr(answer)
