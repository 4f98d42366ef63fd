"""README's picture of the rooms and the tree are the same thing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from adapters import ADAPTERS
from importer.cli.help import topics
from importer.model import Reason

ROOT = Path(__file__).parents[1]


def rooms_in_readme() -> set[str]:
    """The rooms and files of README's table, each with its folder."""
    text = (ROOT / "README.md").read_text()
    table = text[text.index("| room |") :].split("\n\n")[0]
    found: set[str] = set()
    for line in table.splitlines()[2:]:
        folder = ""
        for name in re.findall(r"`([\w./]+)`", line.split("|")[1]):
            folder = name.rpartition("/")[0] + "/" if "/" in name else folder
            found.add(name if "/" in name else folder + name)
    return found


def rooms_on_disk() -> set[str]:
    """Every package of the importer and every module beside them; of the adapters those that no site has."""
    folders = {f"importer/{path.parent.name}/" for path in (ROOT / "importer").glob("*/__init__.py")}
    files = {f"importer/{path.name}" for path in (ROOT / "importer").glob("*.py") if not path.name.startswith("__")}
    shared = {f"adapters/{name}/" for name in ("reading", "conformance") if (ROOT / "adapters" / name).is_dir()}
    return {"adapters/", "samples/", "tests/"} | folders | files | shared


def test_readme_names_every_room_and_no_other() -> None:
    """A room that moves in, or out, is shown."""
    assert rooms_in_readme() == rooms_on_disk()


def test_the_picture_names_the_rooms_in_their_order() -> None:
    """What the picture calls a step is a room or a word of one."""
    text = (ROOT / "README.md").read_text()
    picture = text[text.index(" export files") :].split("```")[0]
    steps = re.findall(r"adapters|plan|send|reconcile|readback|journal|report", picture)
    assert steps == ["adapters", "plan", "send", "reconcile", "readback", "journal", "report"]


def test_readme_lists_every_topic_of_the_manual() -> None:
    """Each as a link to its file."""
    linked = set(re.findall(r"\]\(importer/manual/(\w+)\.md\)", (ROOT / "README.md").read_text()))
    assert linked == set(topics())


def test_the_version_stands_in_one_place_and_in_the_list_of_changes() -> None:
    """The newest version there is this one."""
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert re.findall(r"^## (\S+)$", topics()["changes"], re.MULTILINE)[0] == version[1]


def test_every_python_that_is_promised_is_tested_on_every_system() -> None:
    """The classifiers, the oldest version that installs, and the matrix of the workflow agree."""
    project = (ROOT / "pyproject.toml").read_text()
    promised = re.findall(r"Python :: (3\.\d+)", project)
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
    matrix = re.search(r"python: \[(.+)\]", workflow)
    assert matrix is not None
    assert re.findall(r"3\.\d+", matrix[1]) == promised
    assert f'requires-python = ">={promised[0]}"' in project
    assert "os: [ubuntu-latest, macos-latest]" in workflow


def test_every_form_for_issues_asks_for_a_redacted_report() -> None:
    """Before anything is pasted."""
    forms = [path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]
    assert forms
    for form in forms:
        first = form.read_text().split("- type:")[1]
        assert "take private things out" in first
        assert "token.json" in first


def test_every_reason_is_given_and_has_a_test() -> None:
    """A reason that nothing gives, or that no test names, was added halfway."""
    given = "".join(path.read_text() for path in sources("importer", "adapters") if path.parent.name != "report")
    tested = "".join(path.read_text() for path in sources("tests") if path != Path(__file__))
    for reason in Reason:
        assert re.search(rf"Reason\.{reason.name}\b", given), f"nothing gives {reason}"
        assert re.search(rf"Reason\.{reason.name}\b|\"{reason}\"", tested), f"no test names {reason}"


def sources(*folders: str) -> list[Path]:
    """The Python files of these folders."""
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_every_site_is_among_the_adapters() -> None:
    """A file that nobody lists reads nothing, and no other test would miss it."""
    folder = ROOT / "adapters"
    found = {path.stem for path in folder.glob("[a-z]*.py")} | {
        path.parent.name for path in folder.glob("*/adapter.py")
    }
    text = (folder / "__init__.py").read_text()
    names = re.findall(r"^from adapters\.(\w+)(?:\.adapter)? import (\w+)$", text, re.MULTILINE)
    listed = text[text.index("ADAPTERS: tuple") :].split("\n)")[0]
    assert found - {"protocol"} == {site for site, name in names if re.search(rf"\b{name}\b", listed)}


def test_every_site_has_a_sample_and_a_test_of_its_own() -> None:
    """The golden file then holds every row of the sample, and the conformance test runs over it."""
    tests = [path.stem for path in (ROOT / "tests" / "adapters").glob("test_*.py")]
    for adapter in ADAPTERS:
        assert any((ROOT / "samples" / adapter.name).glob("*")), f"samples/{adapter.name}/ holds no export"
        assert any(adapter.name in name for name in tests), f"there is no tests/adapters/test_{adapter.name}.py"


def made_by_position(path: Path) -> list[str]:
    """The places in a file that make an object out of more than four values by their order alone."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = [(call, ast.unparse(call.func).rpartition(".")[2].lstrip("_")) for call in calls]
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}: {name}"
        for call, name in names
        if len(call.args) > 4 and (name[:1].isupper() or name == "cls")
    ]


def test_what_has_more_than_four_values_is_made_by_keyword() -> None:
    """Two of them that change places are then seen by whoever reads the line, also where both are of one type."""
    assert not [place for path in sources("importer", "adapters") for place in made_by_position(path)]
