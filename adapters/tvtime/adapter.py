"""TV Time, closed in July 2026: the archive that people asked for in time, and what TV Time Liberator saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim, Miss
from adapters.reading import documents
from adapters.reading.forms import Fit, fitting
from adapters.reading.lines import Line
from adapters.reading.members import base, looked_at
from adapters.reading.table import Table
from adapters.reading.table_adapter import find_tables, read_tables
from adapters.reading.text import shown
from adapters.tvtime import liberator
from adapters.tvtime.forms import ACTIVITY, EPISODES, EXPORTED, SHOWS, VOTES, Part, part_of, vote
from adapters.tvtime.titles import Titles
from importer.errors import ExportError
from importer.model import Item, Kind, Reason, Rejected, Remark, Superseded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Row

_FORMS: Final = {Part.FILMS: VOTES, Part.EPISODES: VOTES, Part.SHOWS: SHOWS}
_JSON: Final = "json"
_EXPORTED: Final = ("tvtime", "movie")
"""Words in the name of Export my data. Of the archive, which holds much that is private, nothing else is looked at."""

_EMOTION: Final = "emotion"
"""What the names of the members have in them that hold emotions, with the columns of votes and numbers of their own."""

_SAY: Final = "give the whole archive as it came, or the member under its own name, such as ratings-live-votes.csv"


class TvTime:
    """Reads the votes for films, joined by uuid with their titles and ids, and the ratings of shows."""

    name = "tvtime"
    about = About(
        site="TV Time",
        where="closed: the GDPR archive that you asked for in time; Export my data and TV Time Liberator beside it",
        forms="the archive as zip or folder, with tvtime-movies-….csv beside it if you have it; Liberator's files",
        scale="films: five faces, 2 4 6 8 10; shows: 0.5 to 5 stars, doubled",
        dates="shows: the time of the rating; films have none",
    )

    def owns(self, source: Source) -> bool:
        """Tell the archive by its members' names: it holds tokens and addresses that nobody need open."""
        return len(source.members) > 1 and any(part_of(member) is not None for member in source.members)

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell the archive by its members, other files by their columns. Raises ExportError for one without ratings."""
        parts = _parts(source)
        if parts:
            return _archive(source, parts)
        tables = find_tables(source, (ACTIVITY, VOTES, EXPORTED, EPISODES))
        if isinstance(tables, dict):
            return _single(source, tables)
        firsts = {
            member: first
            for member in looked_at(source, (".json",))
            if documents.is_array(source, member) and (first := documents.first(source, member)) is not None
        }
        films = tuple(member for member, first in firsts.items() if liberator.is_film(first))
        if films:
            return Claim(films, "TV Time Liberator's films", dict.fromkeys(films, _JSON))
        return _exported_alone(source) if any(map(liberator.is_series, firsts.values())) else tables

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every vote and rating. Raises ExportError for a member that cannot be read."""
        films = [member for member in claim.members if _is(claim, member, Part.FILMS)]
        yield from self._films(source, claim, films)
        others = [member for member in claim.members if member not in films]
        for member in others:
            if isinstance(claim.found[member], str):
                yield from liberator.read(source, member, self.name)
        tables = {member: fit for member in others if isinstance(fit := claim.found[member], Fit)}
        yield from read_tables(source, tables, self.name)

    def _films(self, source: Source, claim: Claim, members: list[str]) -> Iterator[Row | Remark]:
        tables = [Table(source, member, claim.found[member], self.name) for member in members]
        if not tables:
            return
        titles = Titles({uuid for table in tables for uuid in _uuids(table)})
        for member in claim.helpers:
            fit = claim.found.get(member)
            if isinstance(fit, Fit):
                titles.export(source, member, fit, self.name)
            else:
                titles.track(source, member)
        for other in claim.joined:
            for member, fit in _exported(other).items():
                titles.export(other, member, fit, self.name)
        rows: list[Row] = []
        remarks: list[Remark] = []
        for table in tables:
            if table.remark is not None:
                yield table.remark
            rows += [_vote(line, titles) if isinstance(line, Line) else line for line in table.lines()]
            remarks += table.maker.remarks()
        yield from _settled(rows)
        yield from remarks
        yield from titles.remarks(source.path)


def _parts(source: Source) -> dict[str, Part]:
    found = {member: part for member in source.members if (part := part_of(member)) is not None}
    return found if any(part is not Part.TITLES for part in found.values()) else {}


def _archive(source: Source, parts: dict[str, Part]) -> Claim:
    found: dict[str, Fit] = {}
    empty: list[str] = []
    for member, part in parts.items():
        if part is not Part.TITLES and not source.head(member).strip():
            empty.append(member)
        elif part is not Part.TITLES:
            fit = fitting(source, member, (_FORMS[part],))
            if not isinstance(fit, Fit):
                missing = f"; missing: {', '.join(fit.missing)}" if fit is not None else ""
                raise ExportError(f"{shown(source.path)}: {member} has not the columns of {part}{missing}")
            found[member] = fit
    if not found:
        raise ExportError(f"{shown(source.path)}: holds no ratings: its {' and '.join(map(base, empty))} is empty")
    exported = _exported(source)
    order = list(Part)
    taken = tuple(sorted(found, key=lambda member: (order.index(parts[member]), member)))
    helpers = (*(member for member, part in parts.items() if part is Part.TITLES), *exported)
    joined = tuple(other for other in source.beside if _exported(other))
    aside = (*empty, *(member for member in source.members if _EMOTION in base(member)))
    what = ", ".join(dict.fromkeys(parts[member] for member in taken))
    return Claim(
        members=taken,
        why=f"TV Time's archive: {what}",
        found={**found, **exported},
        aside=aside,
        helpers=helpers,
        joined=joined,
    )


def _exported(source: Source) -> dict[str, Fit]:
    """Find Export my data, which has no ratings, among an export's members: by name, then by its columns."""
    many = len(source.members) > 1
    names = (member for member in looked_at(source) if not many or any(word in base(member) for word in _EXPORTED))
    found = {member: fitting(source, member, (EXPORTED,)) for member in names}
    return {member: fit for member, fit in found.items() if isinstance(fit, Fit)}


def _single(source: Source, tables: dict[str, Fit]) -> Claim:
    place = shown(source.path)
    taken = {member: fit for member, fit in tables.items() if fit.form is ACTIVITY}
    if taken:
        return Claim(tuple(taken), ACTIVITY.why, taken)
    votes = [member for member, fit in tables.items() if fit.form is VOTES]
    if votes and all(_EMOTION in base(member) for member in votes):
        raise ExportError(f"{place}: holds TV Time's emotions, which are no ratings", _SAY)
    if votes:
        raise ExportError(f"{place}: TV Time's votes and its emotions have the same columns: only the name tells", _SAY)
    return _exported_alone(source)


def _exported_alone(source: Source) -> Claim:
    """Claim nothing of Export my data where the archive lies beside it. Raises ExportError where it does not."""
    if any(_parts(other) for other in source.beside):
        return Claim((), "TV Time's Export my data, which gives the archive beside it its ids")
    raise ExportError(f"{shown(source.path)}: {liberator.HOLLOW}", liberator.GIVE)


def _is(claim: Claim, member: str, part: Part) -> bool:
    return part_of(member) is part and isinstance(claim.found[member], Fit)


def _uuids(table: Table) -> Iterator[str]:
    for line in table.lines():
        if isinstance(line, Line) and line["uuid"] and not _is_episode(line):
            yield line["uuid"].lower()


def _is_episode(line: Line) -> bool:
    """Tell a vote for an episode, which has a uuid too, but names no film."""
    return not line["movie_name"] and line["episode_id"] not in ("", "0")


def _vote(line: Line, titles: Titles) -> Row:
    """Read a vote: of a film where the row names one, else of an episode."""
    if _is_episode(line):
        return VOTES.row(line)
    uuid = line["uuid"].lower()
    film = titles.film(uuid)
    imdb = line.maker.ids.read("imdb", film.imdb, Kind.MOVIE)
    return line.row(
        key=f"tvtime:{uuid}" if uuid else "",
        sort=Kind.MOVIE,
        title=line["movie_name"] or film.title,
        year=film.year,
        ids=(("imdb", imdb),) if imdb else (),
        rating=vote(line),
    )


def _settled(rows: list[Row]) -> Iterator[Row]:
    """Yield every row; of a film with several votes one, if all say the same, for none of them has a date."""
    votes: dict[str, list[Item]] = {}
    for row in rows:
        if isinstance(row, Item) and row.kind is not None:
            votes.setdefault(row.key, []).append(row)
    for row in rows:
        same = votes.get(row.key, []) if isinstance(row, Item) else []
        if isinstance(row, Item) and len({item.rating for item in same}) > 1:
            yield Rejected(row, Reason.AMBIGUOUS_TITLE)
        elif isinstance(row, Item) and same and same[0] is not row:
            yield Superseded(row)
        else:
            yield row
