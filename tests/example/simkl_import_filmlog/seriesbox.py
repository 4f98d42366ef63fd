# simkl_import_filmlog/seriesbox.py
from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import JsonForm
from importer.model import Kind, Origin, Precision


def row(entry):
    number = entry["id"]
    return entry.row(
        key=f"seriesbox:{number}" if number else "",
        sort=Kind.SHOW,
        title=entry["show.name"],
        year=entry.year("show.premiered"),
        ids=entry.ids(Kind.SHOW),
    )


BOX = JsonForm(
    why="the entries of a Seriesbox export",
    inside="box.entries",
    needs=("id", "show", "score"),
    row=row,
    rating="score",
    unrated=(0,),
    dates={"scored": DateColumn(Origin.RATING, Precision.SECOND)},
    ids={"tvdb": "show.external.thetvdb", "imdb": "show.external.imdb"},
)

ADAPTER = JsonAdapter(
    name="seriesbox",
    about=About(
        site="Seriesbox",
        where="Menu, Back up",
        forms="the backup as JSON",
        scale="1 to 10 as it is; 0 means unrated",
        dates="the time of the rating",
    ),
    forms=(BOX,),
)
