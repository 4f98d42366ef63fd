"""What one option is: its type, what it may be, and what is made of the value that somebody gave."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from importer.value import value

Value: TypeAlias = "str | int | float | bool | date | Path | tuple[str, ...] | tuple[Path, ...] | None"


class Type(StrEnum):
    """What the value of a setting is."""

    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    COUNT = "count"
    BATCH = "count or auto"
    SECONDS = "seconds"
    DATE = "date"
    ENCODING = "encoding"
    PATH = "path"
    COLUMN = "column=field"
    FIXED = "field=value"


@value
class Setting:
    """One option of `run`, by its name without dashes in front.

    `choices` are the words a CHOICE takes, the suffixes a PATH may have, or the fields of a COLUMN or FIXED; `low` and
    `high` the range of a number; `commands` the others that take it; `many`: repeatable; `letter`: its short form;
    `in_file`: may stand in a TOML file.
    """

    name: str
    type: Type
    help: str
    default: Value = None
    choices: tuple[str, ...] = ()
    low: float = 1
    high: float = math.inf
    commands: tuple[str, ...] = ("run",)
    many: bool = False
    letter: str = ""
    metavar: str = ""
    in_file: bool = True


def read_value(setting: Setting, value: object) -> Value:
    """Return a value from a file or the command line as what the setting is, e.g. "2024-05-01" as a date.

    Of a repeatable setting this is one of its values. Raises ValueError that says in plain words what it may be and
    what is nearest.
    """
    match setting.type:
        case Type.FLAG:
            if isinstance(value, bool):
                return value
            raise ValueError("is not true or false")
        case Type.CHOICE:
            return _choice(setting, value)
        case Type.COUNT:
            return int(_number(setting, value, whole=True))
        case Type.BATCH:
            return _batch(setting, value)
        case Type.SECONDS:
            return _number(setting, value, whole=False)
        case Type.DATE:
            return _date(value)
        case Type.ENCODING:
            return _encoding(value)
        case Type.PATH:
            return _path(setting, value)
        case Type.TEXT:
            return _text(value)
        case Type.COLUMN | Type.FIXED:
            return _assignment(setting, value)


def nearest(word: str, words: tuple[str, ...]) -> str:
    """`: did you mean X?` for the word most like it, else what there is to choose from."""
    close = get_close_matches(word.casefold(), words, 1, 0.65)
    return f": did you mean {close[0]}?" if close else f": it can be {', '.join(words)}"


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("is not a text")


def _choice(setting: Setting, value: object) -> str:
    text = _text(str(value) if type(value) is int else value)
    if text in setting.choices:
        return text
    raise ValueError(f"cannot be {text!r}{nearest(text, setting.choices)}")


def _assignment(setting: Setting, value: object) -> str:
    """COLUMN=FIELD or FIELD=VALUE, with a field that there is; a column or a value may hold an equals sign itself."""
    text = _text(value)
    left, equals, right = text.rpartition("=") if setting.type is Type.COLUMN else text.partition("=")
    if not (equals and left.strip() and right.strip()):
        raise ValueError(f"is not {setting.metavar}")
    field = (right if setting.type is Type.COLUMN else left).strip().casefold()
    if field not in setting.choices:
        raise ValueError(f"knows no field {field!r}{nearest(field, setting.choices)}")
    return f"{left.strip()}={field}" if setting.type is Type.COLUMN else f"{field}={right.strip()}"


def _number(setting: Setting, value: object, *, whole: bool) -> float:
    if isinstance(value, str):
        with suppress(ValueError):
            value = int(value) if whole else float(value)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not math.isfinite(value):
        raise ValueError(f"is not a {'whole ' if whole else ''}number")
    if not setting.low <= value <= setting.high:
        reach = f"from {setting.low:g}" + (f" to {setting.high:g}" if math.isfinite(setting.high) else " on")
        raise ValueError(f"goes {reach}: {min(max(value, setting.low), setting.high):g} is the nearest to {value:g}")
    return value if whole else float(value)


def _batch(setting: Setting, value: object) -> int | str:
    if isinstance(value, str) and not value.strip().lstrip("-").isdecimal():
        if value.strip().casefold() == "auto":
            return "auto"
        raise ValueError(f"cannot be {value!r}: it can be auto, or from {setting.low:g} to {setting.high:g}")
    return int(_number(setting, value, whole=True))


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = value.strip() if isinstance(value, str) else ""
    # fromisoformat alone would also take 20240501 and week dates.
    if len(text) == 10 and text[4] == text[7] == "-":
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise ValueError("is not a day such as 2024-05-01")


def _encoding(value: object) -> str:
    text = _text(value)
    try:
        "".encode(text)  # refuses names like base64, which are no text encodings
    except (LookupError, UnicodeError, ValueError):
        raise ValueError(f"cannot be {text!r}{nearest(text, ENCODINGS)}") from None
    return text


def _path(setting: Setting, value: object) -> Path:
    path = value if isinstance(value, Path) else Path(_text(value))
    if setting.choices and path.suffix.casefold() not in setting.choices:
        raise ValueError(f"cannot end in {path.suffix or 'nothing'!r}: it can be {', '.join(setting.choices)}")
    return path


ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1251", "shift_jis", "gb18030", "big5", "euc-kr")
