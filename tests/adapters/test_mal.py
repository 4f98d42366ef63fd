"""MyAnimeList: every form of its lists, and each trap in them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from adapters.mal.adapter import MyAnimeList
from adapters.protocol import Source
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped, Superseded

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "mal"


def read(data: bytes | str | Path, name: str = "list.xml") -> tuple[list[Row], list[Remark]]:
    if isinstance(data, Path):
        source = open_source(data)
    else:
        raw = data.encode() if isinstance(data, str) else data
        source = Source(name, {name: lambda: raw})
    adapter = MyAnimeList()
    claim = adapter.claim(source)
    assert claim is not None
    found = list(adapter.read(source, claim))
    return [row for row in found if not isinstance(row, Remark)], [row for row in found if isinstance(row, Remark)]


def xml(*entries: str, info: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<myanimelist>{info}{"".join(entries)}</myanimelist>'


def entry(number: object = 5114, score: object = 9, title: str = "A", finished: str = "0000-00-00") -> str:
    return (
        f"<anime><series_animedb_id>{number}</series_animedb_id><series_title><![CDATA[{title}]]></series_title>"
        f"<my_score>{score}</my_score><my_finish_date>{finished}</my_finish_date></anime>"
    )


def short(rows: list[Row]) -> list[tuple[str, object, str]]:
    found: list[tuple[str, object, str]] = []
    for row in rows:
        assert not isinstance(row, Superseded)
        item = row if isinstance(row, Item) else row.item
        found.append((item.key, item.rating, "" if isinstance(row, Item) else str(row.reason)))
    return found


def test_an_entry_is_read_whole():
    """Id, title, score, kind and place; a complete finish date stands in for the rating date."""
    rows, remarks = read(xml(entry(finished="2016-05-21", title="Fullmetal Alchemist: Brotherhood")))
    date = Date(1463832000, Precision.DAY, Origin.WATCHED)
    title = "Fullmetal Alchemist: Brotherhood"
    assert rows == [Item("mal:5114", Kind.ANIME, title, None, (("mal", "5114"),), "9", 9, date, "list.xml", 1)]
    assert remarks == []


@pytest.mark.parametrize("finished", ["", "0000-00-00", "2018-00-00", "2018-07-00", "2021-02-30", "soon"])
def test_an_incomplete_finish_date_is_none(finished: str):
    """A day that is missing is never made up."""
    [row], _ = read(xml(entry(finished=finished)))
    assert isinstance(row, Item)
    assert row.date is None


@pytest.mark.parametrize("score", ["0", "", " ", "0.0", "00"])
def test_a_score_of_zero_or_none_is_unrated(score: str):
    """The site writes 0 where nothing was given."""
    [row], _ = read(xml(entry(score=score)))
    assert isinstance(row, Skipped)
    assert row.reason is Reason.UNRATED


@pytest.mark.parametrize(("score", "rating"), [("11", 11), ("-1", -1), ("eleven", None), ("9" * 100, None)])
def test_a_score_that_is_none_of_the_sites_goes_on_as_it_is(score: str, rating: int | None):
    """Judging is the pipeline's: nothing is clamped here, and no text is guessed at."""
    [row], _ = read(xml(entry(score=score)))
    assert isinstance(row, Item)
    assert (row.source_rating, row.rating) == (score, rating)


def test_missing_elements_and_id_zero_keep_the_row():
    """Without an id the title names the row, without either a checksum; no id is made up."""
    rows, _ = read(xml(entry(0, title="Some Title"), "<anime><my_score>5</my_score></anime>", entry("x1", title="")))
    keys = [row.key for row in rows if isinstance(row, Item)]
    assert keys[0] == "mal:title:some title"
    assert all(key.startswith("mal:row:") for key in keys[1:])
    assert len(set(keys)) == 3
    assert all(row.ids == () for row in rows if isinstance(row, Item))


def test_a_list_without_entries_is_no_row():
    """An empty list is an empty list."""
    assert read(xml()) == ([], [])
    assert read("<myanimelist/>") == ([], [])


@pytest.mark.parametrize(
    "data",
    [
        xml("<manga><manga_mangadb_id>2</manga_mangadb_id><my_score>9</my_score></manga>"),
        xml("<manga/>", info="<myinfo><user_export_type>1</user_export_type></myinfo>"),
        xml(info="<myinfo><user_export_type>2</user_export_type></myinfo>"),
    ],
)
def test_a_manga_list_is_refused(data: str):
    """Its entries tell, and its header only where there are none."""
    with pytest.raises(ExportError, match=r"list\.xml: is a manga list"):
        read(data)


def test_manga_among_anime_is_unsupported():
    """The element decides, whatever the header says; unrated comes first."""
    manga = (
        "<manga><manga_mangadb_id>2</manga_mangadb_id><manga_title>Berserk</manga_title><my_score>{}</my_score></manga>"
    )
    info = "<myinfo><user_export_type>2</user_export_type></myinfo>"
    rows, _ = read(xml(manga.format(10), entry(), manga.format(0), info=info))
    assert short(rows) == [
        ("mal:manga:2", 10, "unsupported_kind"),
        ("mal:5114", 9, ""),
        ("mal:manga:2", 0, "unrated"),
    ]


def test_a_cut_file_gives_its_whole_entries_and_a_rejected_row():
    """The cut has a place, the line is told, and the entries before it go through."""
    rows, [remark, _] = read(xml(entry(1)).removesuffix("</myanimelist>") + entry(2, title="Cut")[:-30])
    assert short(rows) == [("mal:1", 9, ""), ("mal:2", 9, "malformed_row")]
    assert isinstance(rows[1], Rejected)
    assert (rows[1].item.title, rows[1].item.line) == ("Cut", 2)
    assert "too early" in remark.text
    assert remark.line == 2


def test_more_entries_than_the_header_says_is_a_remark():
    """The site's own count is sometimes too low."""
    _, [remark, _] = read(xml(entry(1), entry(2), info="<myinfo><user_total_anime>1</user_total_anime></myinfo>"))
    assert remark == Remark("list.xml", 0, "has 2 entries, though it says that it has 1")


def test_an_overlong_title_is_malformed():
    """A field that swallowed the rest of the list is not sent as a title."""
    [row], _ = read(xml(entry(title="a" * 100_000)))
    assert isinstance(row, Rejected)
    assert row.reason is Reason.MALFORMED_ROW
    assert len(row.item.title) < 10_000


def test_gzip_is_told_by_its_bytes(tmp_path: Path):
    """The name of the file says nothing."""
    for name, data in (("list.xml", gzip.compress(xml(entry()).encode())), ("list.xml.gz", xml(entry()).encode())):
        (tmp_path / name).write_bytes(data)
        assert short(read(tmp_path / name)[0]) == [("mal:5114", 9, "")]


def test_of_a_folder_the_anime_lists_are_taken():
    """A manga list beside them is left out, and the claim says so."""
    manga = xml("<manga><my_score>9</my_score></manga>").encode()
    files = {"a/anime.xml": xml(entry()).encode(), "a/manga.xml": manga, "a/other.xml": b"<html/>", "b.csv": b"x"}
    source = Source("folder", {name: (lambda data=data: data) for name, data in files.items()})  # type: ignore[misc]
    claim = MyAnimeList().claim(source)
    assert claim is not None
    assert claim.members == ("a/anime.xml",)
    assert "a/manga.xml" in claim.why


def test_the_sample_of_today_reads_right():
    """Two unrated of twelve; only complete days are dates; music is anime too."""
    rows, [remark, undated, _] = read(SAMPLES / "animelist_1767225600_-_4242.xml")
    assert len(rows) == 12
    items = {row.key: row for row in rows if isinstance(row, Item)}
    assert len(items) == 10
    assert sorted(key for key, item in items.items() if item.date is None) == ["mal:1", "mal:19", "mal:199", "mal:9253"]
    assert items["mal:731"].kind is Kind.ANIME
    assert "11" in remark.text
    assert "dates say that there is none" in undated.text


def test_the_old_sample_is_mended_and_the_line_told():
    """A comment with bad bytes and bare marks costs no entry."""
    rows, [remark, _] = read(SAMPLES / "animelist-2009.xml.gz")
    assert short(rows) == [
        ("mal:1535", 8, ""),
        ("mal:2001", 9, ""),
        ("mal:4224", 7, ""),
        ("mal:339", 6, ""),
        ("mal:47", 0, "unrated"),
    ]
    assert remark.line == 45
    assert "repair" in remark.text


def test_lists_in_the_same_shape_from_elsewhere_read_right():
    """Kitsu gives ids alone; Shikimori's has id 0 and whatever else a script leaves out."""
    assert short(read(SAMPLES / "kitsu.xml")[0]) == [("mal:43", 9, ""), ("mal:205", None, "unrated")]
    found = short(read(SAMPLES / "shikimori.xml")[0])
    assert [(rating, reason) for _, rating, reason in found] == [
        (10, ""),
        (6, ""),
        (5, ""),
        (10, "unsupported_kind"),
        (None, ""),
    ]


def test_an_api_page_takes_the_finish_date_or_the_last_edit():
    """A complete finish date is the watch date; half of one leaves the time of the edit."""
    rows, remarks = read(SAMPLES / "api-v2-page.json")
    assert short(rows) == [("mal:5114", 10, ""), ("mal:4181", 9, ""), ("mal:918", 0, "unrated")]
    dates = [row.date for row in rows if isinstance(row, Item)]
    assert dates == [
        Date(1463832000, Precision.DAY, Origin.WATCHED),
        Date(1701327660, Precision.SECOND, Origin.EDITED),
    ]
    assert [remark.text for remark in remarks] == ["1 date says that there is none"]


def test_api_pages_and_the_bare_list_are_the_same_rows():
    """The index counts over all pages; the last page of a list of pages has no next one."""
    rows, remarks = read(SAMPLES / "api-v2-pages.json")
    assert [(row.key, row.line) for row in rows if isinstance(row, Item)] == [("mal:30276", 1), ("mal:431", 2)]
    assert remarks == []
    pages = json.loads((SAMPLES / "api-v2-pages.json").read_text("utf-8"))
    bare = json.dumps([row for page in pages for row in page["data"]])
    assert short(read(bare, "bare.json")[0]) == short(rows)
    _, [remark] = read(json.dumps(pages[0]), "page.json")
    assert "not the last page" in remark.text


def test_malexport_does_not_lend_the_dates_of_the_anime_record():
    """Its `updated_at` is when the site last edited the anime."""
    rows, _ = read(SAMPLES / "malexport.json")
    assert short(rows) == [("mal:1535", 8, ""), ("mal:457", 10, ""), ("mal:47", 0, "unrated")]
    items = [row for row in rows if isinstance(row, Item)]
    assert [(item.year, item.date) for item in items] == [
        (2006, Date(1248004800, Precision.DAY, Origin.WATCHED)),
        (2005, None),
    ]


def test_a_status_within_the_node_is_read_as_well():
    """The API puts it there where a program asked for the field; one beside the node is the list's own."""
    status = {"status": "completed", "score": 9, "updated_at": "2024-01-01T00:00:00Z", "finish_date": "2009-07-20"}
    within = [
        {"node": {"id": 1, "title": "A", "my_list_status": status}},
        {"node": {"id": 2, "title": "B", "my_list_status": {**status, "num_chapters_read": 3}}},
        {"node": {"id": 3, "title": "C"}},
        {"node": {"id": 4, "title": "D", "my_list_status": {"score": 2}}, "list_status": status},
    ]
    for document in (within, {"data": within, "paging": {}}):
        rows, _ = read(json.dumps(document), "list.json")
        assert short(rows) == [
            ("mal:1", 9, ""),
            ("mal:manga:2", 9, "unsupported_kind"),
            ("mal:3", None, "unrated"),
            ("mal:4", 9, ""),
        ]
        assert [row.date for row in rows if isinstance(row, Item)] == 2 * [
            Date(1248091200, Precision.DAY, Origin.WATCHED)
        ]


def test_load_json_has_titles_that_are_numbers_and_no_dates():
    """Its dates depend on the person's settings, so they are not used."""
    rows, _ = read(SAMPLES / "load.json")
    assert [(row.title, row.date) for row in rows if isinstance(row, Item)] == [("Cowboy Bebop", None), ("86", None)]


def test_manga_in_json_is_told_by_its_fields():
    """A manga list is refused, a manga entry among anime unsupported."""
    manga = {"node": {"id": 2, "title": "Berserk"}, "list_status": {"score": 9, "num_chapters_read": 3}}
    anime = {"node": {"id": 1, "title": "Cowboy Bebop"}, "list_status": {"score": 9}}
    with pytest.raises(ExportError, match="manga list"):
        read(json.dumps({"data": [manga], "paging": {}}), "manga.json")
    found = short(read(json.dumps([manga, anime]), "mixed.json")[0])
    assert found == [("mal:manga:2", 9, "unsupported_kind"), ("mal:1", 9, "")]


def test_json_entries_of_the_wrong_shape_are_malformed():
    """Each costs itself alone."""
    good = {"node": {"id": 1, "title": "Cowboy Bebop"}, "list_status": {"score": 9}}
    bad = [None, 5, "x", [], {"node": 5, "list_status": {}}, {"node": {}, "list_status": []}, {"node": {}}]
    found = short(read(json.dumps([good, *bad, good]), "list.json")[0])
    assert [reason for _, _, reason in found] == ["", *["malformed_row"] * 6, "unrated", ""]


def test_other_peoples_files_are_not_claimed():
    """XML with another root, JSON of another shape, and text are left to others."""
    for data in (
        b"<html></html>",
        b'[{"rating": 9, "movie": {}}]',
        b"a,b\n1,2\n",
        b"",
        b"[]",
        b"{}",
        b"\0\0",
        b"%PDF-1.7",
    ):
        assert MyAnimeList().claim(Source("x", {"x": lambda data=data: data})) is None  # type: ignore[misc]
