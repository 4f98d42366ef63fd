"""How the page looks: two palettes as CSS variables, one style sheet. System fonts, nothing loaded."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LIGHT = {
    "paper": "#f7f5f0",
    "card": "#fffefb",
    "ink": "#22252a",
    "dim": "#5d626b",
    "line": "#ddd8cc",
    "link": "#0b5f66",
    "good": "#0d6b5e",
    "warn": "#9a3d12",
    "before": "#a0833f",
    "applied": "#16806f",
    "unchanged": "#4c9b8b",
    "kept": "#4f74a8",
    "neutral": "#8c887a",
    "trouble": "#cf5a24",
    "pending": "#a37e1f",
}
DARK = {
    "paper": "#14171b",
    "card": "#1c2026",
    "ink": "#e9e6df",
    "dim": "#a3a8b0",
    "line": "#343a43",
    "link": "#74cfd3",
    "good": "#6fd3be",
    "warn": "#f3a277",
    "before": "#9a8350",
    "applied": "#3fa994",
    "unchanged": "#35867a",
    "kept": "#6f94c9",
    "neutral": "#767d88",
    "trouble": "#e0743f",
    "pending": "#bd9a44",
}

OUTCOME_COLOURS = {
    "applied": "applied",
    "restored": "applied",
    "unchanged": "unchanged",
    "removed": "kept",
    "kept": "kept",
    "left": "neutral",
    "unlisted": "kept",
    "duplicate": "neutral",
    "skipped": "neutral",
    "rejected": "trouble",
    "not_found": "trouble",
    "unconfirmed": "trouble",
    "failed": "trouble",
    "pending": "pending",
}


@cache
def style_sheet() -> str:
    """Return the whole style sheet; dark where the reader's system is, always light on paper.

    Lengths that depend on numbers are classes: so no element has a style of its own, and the page's policy can name
    this sheet by its digest.
    """
    rules = files("importer.report").joinpath("templates/style.css").read_text("utf-8")
    digits = "".join(f".n{number}{{--n:{number}ch}}" for number in range(1, 12))
    return f"{palette()}{digits}\n{rules.replace('PRINT', _variables(LIGHT))}"


@cache
def palette() -> str:
    """Return the colours of both palettes as variables, and the classes that take a colour or a share by its name."""
    outcomes = "".join(f".o-{name}{{background:var(--{colour})}}\n" for name, colour in OUTCOME_COLOURS.items())
    shares = "".join(f".w{share}{{--v:{share / 100:g}}}" for share in range(1, 101))
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}\n"
        f"{outcomes}{shares}\n"
    )


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())
