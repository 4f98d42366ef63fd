# simkl_import_filmlog/filmlog.py
from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.scale import Scale
from adapters.reading.table_adapter import TableAdapter
from importer.model import Kind, Origin

TYPES = {"film": Kind.MOVIE, "series": Kind.SHOW, "episode": UNSUPPORTED}


def row(line):
    word = line["type"]
    sort = TYPES.get(word, UNKNOWN)
    number = line["log id"]
    return line.row(
        key=f"filmlog:{number}" if number else "",
        sort=sort,
        title=line["title"],
        year=line.year(),
        ids=line.ids(sort if isinstance(sort, Kind) else None),
        word=word,
    )


LOG = Form(
    why="the columns of a Filmlog export",
    needs=("log id", "type", "title", "year", "stars"),
    row=row,
    rating="stars",
    scale=Scale.FIVE,
    dates={"rated on": DateColumn(Origin.RATING), "seen on": DateColumn(Origin.WATCHED)},
    ids={"imdb": "imdb", "tmdb": "tmdb"},
)
WISHES = Form(
    why="the columns of a Filmlog wish list",
    needs=("log id", "type", "title", "wished on"),
    refusal="is a Filmlog wish list, which has no ratings: export your log instead",
)

ADAPTER = TableAdapter(
    name="filmlog",
    about=About(
        site="Filmlog",
        where="https://filmlog.example/settings, Export log",
        forms="the log as CSV",
        scale="0.5 to 5 stars in half steps, doubled",
        dates="the day of the rating; else the day on which it was seen stands in",
    ),
    forms=(LOG, WISHES),
)
