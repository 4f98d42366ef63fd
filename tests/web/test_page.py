"""The job from the first step to the last, as a visitor without a browser does it, and what stands on Simkl then."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox.app import Sandbox
from importer.web.hub import Hub
from importer.web.page import Page
from importer.web.signing import Stage as Signed
from importer.web.steps import Step

HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"
FILMS = (
    HEAD
    + "2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5\n"
    + "2024-05-01,Ronin,1998,https://boxd.it/1AJq,4\n"
    + "2024-05-02,Alien,1979,https://boxd.it/2awY,5\n"
    + "2024-05-03,Collateral,2004,https://boxd.it/28UY,0.5\n"
).encode()


def on_simkl(box: Sandbox) -> dict[str, int]:
    """The ratings that stand there, by title."""
    return {box.catalog.titles[simkl].title: one.rating for simkl, one in box.account.ratings.items()}


def posts(box: Sandbox) -> list[Any]:
    """The bodies of all ratings that were sent."""
    return [one.body for one in box.log if one.path == "/sync/ratings" and one.method == "POST"]


async def test_from_a_file_to_the_account_and_back(stage: Any) -> None:
    """Nothing is sent before somebody says so, and the way back leaves nothing."""
    await stage.give(("ratings.csv", FILMS))
    assert "4 ratings read; 4 can be sent" in await stage.visitor.part("read")
    await stage.do("look-ahead")
    assert posts(stage.box) == []
    assert "Send 4 ratings to Simkl" in await stage.visitor.part("go")
    assert "3" in (await stage.visitor.rows("forecast"))["html"]
    await stage.do("go")
    assert on_simkl(stage.box) == {"Heat": 9, "Ronin": 8, "Alien": 10, "Collateral": 1}
    assert "4 are on Simkl" in await stage.visitor.part("result")
    await stage.do("look-back", run=1)
    assert on_simkl(stage.box)
    assert "4 ratings would be taken back" in await stage.visitor.part("earlier")
    await stage.do("take-back")
    assert on_simkl(stage.box) == {}
    assert "4 taken off" in await stage.visitor.part("earlier")


async def command(environment: dict[str, str], *words: str) -> tuple[int | None, str]:
    """Run a command in a process of its own; return its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "importer", *words, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_the_page_and_the_command_send_the_same_and_record_the_same(stage: Any, tmp_path: Path) -> None:
    """And what the one has done is nothing new for the other."""
    from importer.journal.file import read_journal
    from importer.journal.rows import read_rows

    await stage.imported(("ratings.csv", FILMS))
    file = tmp_path / "ratings.csv"
    file.write_bytes(FILMS)
    before = len(stage.box.log)
    environment = {
        **stage.page.settings.environment,
        "SIMKL_API_URL": stage.page.settings.url,
        "SIMKL_IMPORT_HOME": str(stage.home),
        "SIMKL_IMPORT_TIME_SCALE": "0",
    }
    status, said = await command(environment, "run", str(file))
    assert (status, "Nothing new" in said) == (0, True)
    assert len(stage.box.log) == before

    other = tmp_path / "other.sqlite"
    stage.box.account.ratings.clear()
    mine = posts(stage.box)
    status, _ = await command(environment, "run", str(file), "--resume-file", str(other))
    assert status == 0
    theirs = posts(stage.box)[len(mine) :]
    assert theirs == mine
    rows = []
    for path in (stage.page.record.past.path, other):
        journal = read_journal(path)
        rows.append(list(read_rows(journal, 1)))
        journal.close()
    assert rows[0] == rows[1]


async def test_a_file_of_no_site_says_why_and_the_others_wait_for_it(stage: Any) -> None:
    """It can be taken away."""
    await stage.give(("ratings.csv", FILMS), ("holiday.csv", b"place,days\nRome,3\n"))
    shown = await stage.visitor.part("files")
    assert "holiday.csv: no known export" in shown
    assert "Letterboxd: 4 rows" in shown
    assert stage.page.files.judged is None
    assert "simkl-import" not in re.sub(r"<[^>]+>", "", shown)
    number = next(export.upload.number for export in stage.page.files.exports if export.error)
    await stage.do("take-away", number=number)
    assert stage.page.files.judged is not None


async def test_what_a_file_leaves_open_is_asked_there_and_nowhere_else(stage: Any) -> None:
    """The order of its dates, its scale, where halves go."""
    spreadsheet = "Date;Name;Year;Letterboxd URI;Rating\n" + "".join(
        f"0{n}/0{n + 1}/2024;Heat {n};1995;https://boxd.it/a{n};4\n" for n in range(1, 6)
    )
    await stage.give(("ratings.csv", spreadsheet.encode()), ("good.csv", FILMS))
    shown = await stage.visitor.part("files")
    assert shown.count("How do its dates read?") == 1
    export = next(export for export in stage.page.files.exports if export.error)
    await stage.do("answer", number=export.upload.number, question="date-order", value="dmy")
    assert stage.page.files.judged is not None
    html = (await stage.visitor.rows("read", words="heat 1"))["html"]
    assert "2024-02-01" in html
    assert "How do its dates read?" in await stage.visitor.part("files")


async def test_halves_are_left_out_until_somebody_says_where_they_go(stage: Any) -> None:
    """As without --round."""
    rows = b"type,title,year,rating,imdb\nmovie,Heat,1995,7.5,tt0113277\nmovie,Alien,1979,8,tt0078748\n"
    await stage.give(("mine.csv", rows))
    assert stage.page.files.judged.summary.totals["rejected"] == 1
    number = stage.page.files.exports[0].upload.number
    await stage.do("answer", number=number, question="round", value="up")
    assert stage.page.files.judged.summary.totals.get("rejected", 0) == 0
    assert "7.5 → 8" in (await stage.visitor.rows("read"))["html"]


async def test_an_answer_that_is_none_is_refused(stage: Any) -> None:
    """With a sentence."""
    await stage.give(("ratings.csv", FILMS))
    number = stage.page.files.exports[0].upload.number
    for question, value in (("from", "nosuch"), ("scale", "13"), ("date-order", "x"), ("nonsense", "")):
        answer = await stage.visitor.do("answer", number=number, question=question, value=value)
        assert answer.status == 422, question
        assert answer.json["what"]


async def test_what_is_not_json_is_refused_and_so_is_what_is_too_large(stage: Any) -> None:
    """The page goes on."""
    root = stage.visitor.root
    for body in (b"[]", b"{", b"1", b'{"run":{}}', b'{"run":-1}', b'{"run":"x"}'):
        assert (await stage.visitor.ask(f"{root}do/look-back", method="POST", data=body)).status == 422
    assert (await stage.visitor.ask(f"{root}do/read", method="POST", data=b" " * 70_000)).status == 413
    assert (await stage.visitor.do("nothing-of-the-kind")).status == 404


async def test_nobody_sends_what_nobody_has_looked_at(stage: Any) -> None:
    """Nor takes back."""
    await stage.give(("ratings.csv", FILMS))
    assert (await stage.visitor.do("go")).status == 422
    assert (await stage.visitor.do("take-back")).status == 422
    assert posts(stage.box) == []


@pytest.mark.parametrize(
    ("answers", "chosen", "sent"),
    [
        ({}, "the newer rating counts, titles go onto your lists", "4 ratings sent in 1 request"),
        ({"limit": "2"}, "titles go onto your lists, the newest 2 alone", "2 ratings sent in 1 request"),
        (
            {"on_conflict": "keep", "lists": "listed"},
            "Simkl’s rating stays, only titles in your library",
            "nothing was to be sent",
        ),
    ],
)
async def test_a_step_that_is_folded_says_what_it_came_to(
    stage: Any, answers: dict[str, str], chosen: str, sent: str
) -> None:
    """By which answers, and how much was sent."""
    await stage.imported(("ratings.csv", FILMS), **answers)
    assert f"{chosen}</small>" in await stage.visitor.part("forecast")
    assert f"<small>{sent}</small>" in await stage.visitor.part("go")


async def test_another_file_makes_the_forecast_of_before_worth_nothing(stage: Any) -> None:
    """It has to be looked at anew."""
    await stage.give(("ratings.csv", FILMS))
    await stage.do("look-ahead")
    await stage.give(("more.csv", FILMS.replace(b"Heat", b"Thief")))
    assert (await stage.visitor.do("go")).status == 422


@pytest.mark.parametrize(
    ("answers", "stands"),
    [
        ({}, 9),
        ({"on_conflict": "keep"}, 3),
        ({"on_conflict": "overwrite"}, 9),
        ({"since": "2024-05-02"}, 3),
        ({"only": ["show"]}, 3),
        ({"lists": "listed"}, 9),
        ({"limit": "1"}, 3),
    ],
)
async def test_each_question_decides(stage: Any, answers: dict[str, Any], stands: int) -> None:
    """A rating of 3 stands there from long before; the limit takes the newest."""
    stage.box.account.rate(stage.box.catalog.find("movie", "Heat", 1995), 3, "2001-09-09T01:46:40Z")
    await stage.imported(("ratings.csv", FILMS), **answers)
    assert on_simkl(stage.box)["Heat"] == stands


async def test_a_policy_that_is_none_is_refused(stage: Any) -> None:
    """And a day, and a number."""
    await stage.give(("ratings.csv", FILMS))
    for wrong in ({"on_conflict": "x"}, {"since": "yesterday"}, {"limit": "0"}, {"limit": "many"}, {"only": []}):
        assert (await stage.visitor.do("look-ahead", **wrong)).status == 422, wrong


async def test_while_something_is_under_way_nothing_else_begins(stage: Any) -> None:
    """It says so."""
    told = asyncio.Event()

    async def wait(_seconds: float) -> None:
        await told.wait()

    stage.box.sleep, stage.box.latency = wait, 1.0
    await stage.give(("ratings.csv", FILMS))
    assert (await stage.visitor.do("look-ahead")).status == 200
    answer = await stage.visitor.do("read")
    assert answer.status == 409
    assert (await stage.visitor.do("look-ahead", on_conflict="overwrite")).status == 409
    assert stage.page.options.on_conflict == "newer"
    assert "under way" in answer.json["what"]
    told.set()
    await stage.idle()
    assert stage.page.reports.forecast is not None


async def test_stop_ends_it_and_the_button_goes_on(stage: Any) -> None:
    """With what was not sent, and nothing twice."""
    rows = [f"2024-05-01,Film {n},1990,https://boxd.it/f{n},4\n" for n in range(250)]
    await stage.give(("ratings.csv", (HEAD + "".join(rows)).encode()))
    await stage.do("look-ahead")
    stage.hold_from_the_first_post()
    assert (await stage.visitor.do("go")).status == 200
    await stage.until(lambda: len(posts(stage.box)) == 1)
    assert (await stage.visitor.do("stop")).status == 200
    await stage.idle()
    first = stage.page.reports.result.summary.totals
    assert 0 < first["pending"] < 250
    assert "Go on" in await stage.visitor.part("go")
    stage.box.latency = 0
    await stage.do("go")
    assert stage.page.reports.result.summary.totals["applied"] == 250
    sent = [item["title"] for body in posts(stage.box) for item in body["movies"]]
    assert len(sent) == len(set(sent)) == 250


async def test_a_stop_of_the_service_is_said_in_plain_words_and_goes_on_later(stage: Any) -> None:
    """No command is named to somebody without a terminal."""
    await stage.give(("ratings.csv", FILMS))
    await stage.do("look-ahead")
    stage.box.faults.turn_on("status-503")
    await stage.do("go")
    shown = re.sub(r"<[^>]+>", " ", await stage.visitor.part("go") + await stage.visitor.part("result"))
    assert "simkl-import" not in shown
    assert " command" not in shown
    assert "Nothing is lost" in shown
    stage.box.faults.turn_off("status-503")
    await stage.do("go")
    assert len(on_simkl(stage.box)) == 4


async def test_a_page_that_is_opened_again_shows_where_it_stands(stage: Any) -> None:
    """At every step."""
    await stage.give(("ratings.csv", FILMS))
    for action in ("look-ahead", "go"):
        before = (await stage.visitor.ask(f"{stage.visitor.root}sections")).json
        assert (await stage.visitor.ask(f"{stage.visitor.root}sections")).json == before
        whole = (await stage.visitor.ask(stage.visitor.root)).text
        for part in before["sections"]:
            assert part["digest"] in whole
        await stage.do(action)


async def test_a_server_that_begins_anew_tells_what_to_choose_again(stage: Any, tmp_path: Path) -> None:
    """And goes on with it, as the same import."""
    rows = [f"2024-05-01,Film {n},1990,https://boxd.it/f{n},4\n" for n in range(250)]
    await stage.give(("mine.csv", (HEAD + "".join(rows)).encode()))
    await stage.do("look-ahead")
    stage.hold_from_the_first_post()
    await stage.visitor.do("go")
    await stage.until(lambda: len(posts(stage.box)) == 1)
    await stage.page.close()
    stage.box.latency = 0
    again = Page(stage.page.settings, tmp_path / "again", Hub())
    await again.open()
    try:
        assert again.record.past is not None
        assert again.record.past.pending > 0
        assert again.record.past.pending_sources == ("mine.csv",)
    finally:
        await again.close()


async def test_rows_are_searched_sorted_and_narrowed_where_they_are(stage: Any) -> None:
    """The browser holds a window alone."""
    rows = [
        f"2024-0{1 + n % 9}-01,Film {n:05},19{n % 90 + 10},https://boxd.it/f{n},{n % 11 / 2}\n" for n in range(3000)
    ]
    await stage.give(("mine.csv", (HEAD + "".join(rows)).encode()))
    window = await stage.visitor.rows("read", start="1500", count="50")
    assert (window["total"], window["start"], window["html"].count("<tr")) == (3000, 1500, 50)
    assert 'aria-rowindex="1502"' in window["html"]
    assert (await stage.visitor.rows("read", words="00042"))["total"] == 1
    falling = (await stage.visitor.rows("read", order="title", falling="yes", count="1"))["html"]
    assert "Film 02999" in falling
    rejected = await stage.visitor.rows("read", group="rejected")
    assert rejected["total"] == stage.page.files.judged.summary.totals["rejected"] > 0
    assert (await stage.visitor.rows("read", start="999999999999", count="x"))["html"].count("<tr") == 100
    assert (await stage.visitor.rows("read", count="5000"))["html"].count("<tr") <= 500


async def test_a_title_is_text_whatever_it_holds(stage: Any) -> None:
    """On the page, in its windows and in what is said aloud."""
    evil = '<img src=x onerror="alert(1)">'
    quoted = evil.replace('"', '""')
    await stage.imported(("mine.csv", (HEAD + f'2024-05-01,"{quoted}",1990,https://boxd.it/x,4\n').encode()))
    whole = (await stage.visitor.ask(stage.visitor.root)).text
    window = await stage.visitor.rows("result")
    assert "&lt;img" in window["html"]
    assert "<img" not in whole + window["html"]


async def test_reports_of_a_run_are_handed_out_each_by_its_policy(stage: Any) -> None:
    """The report brings its own sheet, which its policy names; a run that is none has none."""
    await stage.imported(("ratings.csv", FILMS))
    root = stage.visitor.root
    report = await stage.visitor.ask(f"{root}report/1/report.html")
    assert "style-src 'sha256-" in report.headers["Content-Security-Policy"]
    assert "4 are on Simkl" in report.text.replace("<b>", "").replace("</b>", "")
    rows = await stage.visitor.ask(f"{root}report/1/rows.csv")
    assert rows.text.count("\n") == 5
    assert "attachment" in rows.headers["Content-Disposition"]
    assert (await stage.visitor.ask(f"{root}report/1/rejects.csv")).status == 200
    assert (await stage.visitor.ask(f"{root}report/9/report.html")).status == 422
    assert (await stage.visitor.ask(f"{root}report/1/other.exe")).status == 404
    assert (await stage.visitor.ask(f"{root}report/..%2f1/rows.csv")).status == 404


async def test_no_secret_is_in_anything_that_the_page_says(stage: Any) -> None:
    """Neither the token nor the client id, in whole page, sections, stream and reports."""
    await stage.imported(("ratings.csv", FILMS))
    root = stage.visitor.root
    said = b"".join(
        [
            (await stage.visitor.ask(root + path)).body
            for path in ("", "sections", "report/1/report.html", "rows/result")
        ]
    )
    for secret in (stage.box.token, stage.box.client_id):
        assert secret.encode() not in said


async def test_another_command_at_work_is_shown_and_nothing_is_written_meanwhile(stage: Any) -> None:
    """The account is somebody else's for that time: looking is free, sending waits."""
    from importer.journal import runs
    from importer.journal.file import open_journal
    from importer.machine.places import account_name

    await stage.imported(("ratings.csv", FILMS))
    access, owner = stage.page._target().access, stage.page.owner
    journal = open_journal(stage.page.record.past.path, account_name(access.host, owner.id))
    with access.lock(owner):
        with journal.transaction():
            runs.begin(journal, "run", 1_700_000_000, "job", [])
        await stage.until(lambda: stage.page.record.elsewhere is not None)
        assert "works for this account right now" in await stage.visitor.part("earlier")
        sent = len(posts(stage.box))
        await stage.do("look-ahead")
        assert stage.page.reports.forecast is not None
        await stage.do("go")
        assert "another run for this account" in (await stage.visitor.part("go")).lower()
        assert len(posts(stage.box)) == sent
    journal.close()
    await stage.until(lambda: stage.page.record.elsewhere is None)


async def test_how_far_it_is_is_told_again_while_nothing_moves(stage: Any) -> None:
    """A part of the page that is drawn anew may show what was before."""
    await stage.give(("ratings.csv", FILMS))
    await stage.do("look-ahead")
    told = asyncio.Event()

    async def wait(_seconds: float) -> None:
        await told.wait()

    stage.box.sleep, stage.box.latency = wait, 1.0
    with stage.page.hub.stream() as messages:
        await stage.visitor.do("go")
        last = b""
        async with asyncio.timeout(60):
            async for message in messages:
                if b"progress" in message and message == last:
                    break
                last = message
    told.set()
    await stage.idle()


async def test_the_stream_tells_of_changes_and_ends_with_the_server(stage: Any) -> None:
    """A server that waits for its streams would never end."""
    visitor = stage.visitor
    streaming = asyncio.create_task(visitor.ask(f"{visitor.root}stream"))
    await stage.until(lambda: stage.page.hub.connected == 1)
    await stage.give(("ratings.csv", FILMS))
    stage.page.hub.close()
    answer = await streaming
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.body.count(b"event: changed") >= 2


async def test_rows_that_need_a_title_are_searched_chosen_and_sent(stage: Any) -> None:
    """Nothing is sent before somebody says so; what Simkl lacks is asked about no more."""
    mine = (
        FILMS
        + b"2024-06-01,Day the Clown Cried,,https://boxd.it/zz1,3\n2024-06-02,Nobody Made This,,https://boxd.it/zz2,2\n"
    )
    await stage.imported(("ratings.csv", mine))
    await stage.do("list-cases")
    assert len(stage.page.mending.cases) == 2
    first, second = stage.page.mending.cases
    sent = len(posts(stage.box))
    await stage.do("search", key=first, words="Heat")
    candidates = stage.page.mending.cases[first].ranking.candidates
    assert candidates
    assert (await stage.visitor.do("choose", key=first, choice="movie:999999999")).status == 422
    assert (await stage.visitor.do("choose", key=first, choice="typed", id="what")).status == 422
    await stage.do("choose", key=first, choice=f"{candidates[0].kind}:{candidates[0].simkl}")
    await stage.do("choose", key=second, choice="absent")
    assert stage.page.mending.cases == {}
    assert len(posts(stage.box)) == sent
    assert "Send 1 choice to" in await stage.visitor.part("result")
    await stage.do("send-chosen")
    assert len(posts(stage.box)) > sent
    await stage.do("list-cases")
    assert stage.page.mending.cases == {}


class TestSigningIn:
    """With nobody signed in at first."""

    @pytest.fixture
    def environment(self) -> dict[str, str]:
        return {}

    @pytest.fixture
    def scale(self) -> float:
        return 0.01

    async def test_with_a_code_that_is_allowed_elsewhere(self, stage: Any) -> None:
        """The token is kept where the commands find it, and never shown."""
        assert "Open Simkl’s form" in await stage.visitor.part("sign-in") or stage.page.files.judged is None
        await stage.give(("ratings.csv", FILMS))
        assert "TV, devices" in await stage.visitor.part("sign-in")
        assert (await stage.visitor.do("sign-in", client_id=stage.box.client_id)).status == 200
        await stage.until(lambda: stage.page.signing.stage is Signed.WAITING)
        shown = await stage.visitor.part("sign-in")
        code = stage.page.signing.code.user_code
        assert code in shown
        assert "<svg" in shown
        assert stage.page.signing.code.device_code not in shown
        stage.box.auth.approve(code)
        await stage.until(lambda: stage.page.signing.stage is Signed.IN and stage.page.owner is not None)
        await stage.idle()
        assert stage.page.turn is Step.FORECAST
        assert stage.page.settings.places.token_file.stat().st_mode & 0o077 == 0
        await stage.do("sign-out")
        assert not stage.page.settings.places.token_file.exists()
        assert stage.page.signing.stage is Signed.OUT

    async def test_who_signs_out_leaves_nothing_that_the_next_account_could_be_sent(self, stage: Any) -> None:
        """What was still to be sent was looked at for somebody else."""
        await stage.visitor.do("sign-in", client_id=stage.box.client_id)
        await stage.until(lambda: stage.page.signing.stage is Signed.WAITING)
        stage.box.auth.approve(stage.page.signing.code.user_code)
        await stage.until(lambda: stage.page.signing.stage is Signed.IN and stage.page.owner is not None)
        await stage.idle()
        await stage.imported(("ratings.csv", FILMS))
        await stage.do("look-back", run=1)
        assert stage.page.reports.result is not None
        await stage.do("sign-out")
        assert (stage.page.reports.result, stage.page.reports.forecast, stage.page.way_back.thought) == (
            None,
            None,
            None,
        )
        assert (await stage.visitor.do("go")).status == 422
        assert (await stage.visitor.do("take-back")).status == 422

    async def test_a_client_id_that_is_none_is_told(self, stage: Any) -> None:
        """Before anything is asked."""
        for wrong in ("", "two words", "line\nbreak"):
            await stage.visitor.do("sign-in", client_id=wrong)
            assert stage.page.signing.trouble is not None
            assert stage.box.log == []

    async def test_a_sign_in_can_be_left(self, stage: Any) -> None:
        """Nothing is waited for any more."""
        await stage.visitor.do("sign-in", client_id=stage.box.client_id)
        await stage.until(lambda: stage.page.signing.stage is Signed.WAITING)
        await stage.visitor.do("cancel-sign-in")
        assert stage.page.signing.stage is Signed.OUT

    async def test_a_sign_in_that_may_only_read_is_told_at_once_and_after_a_new_start(self, stage: Any) -> None:
        """Nothing could be sent with it."""
        stage.box.faults.turn_on("auth-read-only")
        await stage.visitor.do("sign-in", client_id=stage.box.client_id)
        await stage.until(lambda: stage.page.signing.stage is Signed.WAITING)
        stage.box.auth.approve(stage.page.signing.code.user_code)
        await stage.until(lambda: stage.page.signing.stage is Signed.IN)
        await stage.idle()
        assert "may read but not write" in await stage.visitor.part("sign-in")
        stage.page.signing.read_only = False
        stage.page.signing.look()
        assert stage.page.signing.read_only
