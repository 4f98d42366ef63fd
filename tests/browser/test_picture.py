"""README's pictures of the page are made by a command, which still works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from picture import FOLDER, LARGEST, PICTURES, REPORT, draw

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_pictures_are_drawn(browser: Any, tmp_path: Path) -> None:
    """Each is one, and small enough to be kept."""
    drawn = draw(tmp_path, browser)
    assert [path.name for path in drawn] == [*PICTURES, REPORT]
    for path in drawn:
        head = path.read_bytes()[:12]
        assert (head[:4], head[8:]) == (b"RIFF", b"WEBP")
        assert path.stat().st_size <= LARGEST


def test_readme_shows_them_with_words() -> None:
    """Every picture that is kept is shown, has words for who does not see it, and is there."""
    text = README.read_text()
    shown = set(re.findall(r"\.github/([a-z-]+\.webp)", text))
    assert shown == {*PICTURES, REPORT}
    assert all((FOLDER / name).stat().st_size <= LARGEST for name in shown)
    assert all(re.findall(r'<img[^>]*alt="[^"]{40,}"', tag) for tag in re.findall(r"<img[^>]*>", text))
