# simkl_import_filmlog/reels.py
from adapters.protocol import About, Claim
from adapters.reading import markup
from adapters.reading.file_dates import DateColumn
from adapters.reading.lines import default_key, year_of
from adapters.reading.members import looked_at
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.scale import Scale
from importer.model import Kind, Origin

FIELDS = ("name", "year", "mark", "day", "imdb")
DAY = FIELDS.index("day")


class Reels:
    name = "reels"
    about = About(
        site="Reels",
        where="Tools, Save as XML",
        forms="the notes as XML",
        scale="0 to 100, divided by ten",
        dates="the day of the note",
    )

    def claim(self, source):
        found = [member for member in looked_at(source, (".xml",)) if markup.root(source.head(member)) == "reels"]
        return Claim(tuple(found), "XML with the root <reels>") if found else None

    def read(self, source, claim):
        for member in claim.members:
            reading = markup.entries(source.members[member](), ("film",), FIELDS, member, source.encoding)
            yield from reading.remarks(member)
            films = [entry for entry in reading.entries if entry.element == "film"]
            rows = RowMaker(
                source,
                member,
                self.name,
                scale=Scale.HUNDRED,
                dates=(DateColumn(Origin.RATING),),
                survey=lambda films=films: ((film.values[DAY],) for film in films),
            )
            for number, film in enumerate(films, 1):
                yield self.row(rows, film, number)
            yield from rows.remarks()

    def row(self, rows, film, number):
        title, year, mark, day, imdb = (value[:LONGEST].strip() for value in film.values)
        if not (film.whole and (title or imdb)):
            return rows.malformed(f"{title}{imdb}", title, number)
        ids = rows.ids.read_all((("imdb", imdb),), Kind.MOVIE)
        return rows.make(
            key=default_key(self.name, Kind.MOVIE, title, year_of(year), ids),
            sort=Kind.MOVIE,
            title=title,
            year=year_of(year),
            ids=ids,
            rating=mark,
            dates=(day,),
            line=number,
        )


ADAPTER = Reels()
