"""The settings file: TOML with any option of `run`, and the exports of a job."""

from __future__ import annotations

import glob
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from importer.errors import ExportError, UsageError
from importer.machine.places import Places
from importer.machine.setting import Setting, Type, Value, nearest, read_value
from importer.machine.settings import BY_NAME, SETTINGS
from importer.value import value

_SECRETS = ("client-id", "client-secret", "token", "access-token", "refresh-token", "api-key", "secret", "password")
_KEYS = ("exports", *(setting.name for setting in SETTINGS if setting.in_file))


@value
class Config:
    """What a settings file says. `values` by option name, only those it sets; a repeatable one is a tuple.

    `exports` are paths or patterns as written, for `find_exports`; `path` is absolute, None if there is no file.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    exports: tuple[str, ...] = ()
    path: Path | None = None


@value
class Pick:
    """Which of the files that match a pattern was taken: the newest of so many."""

    pattern: str
    path: Path
    among: int

    @property
    def words(self) -> str:
        """Return what was picked and why."""
        why = "the only file that matches" if self.among == 1 else f"the newest of {self.among:,} files that match"
        return f"Taking {self.path}: {why} {self.pattern}"


@value
class FoundExports:
    """The exports of a job. `missing` tells of the first pattern that nothing matches."""

    paths: tuple[Path, ...]
    picks: tuple[Pick, ...] = ()
    missing: ExportError | None = None

    def all(self) -> tuple[Path, ...]:
        """Return every export. Raises ExportError if nothing matches one of the patterns."""
        if self.missing is not None:
            raise self.missing
        return self.paths


def load_config(path: Path | None, places: Places) -> Config:
    """Return the settings of `path`, or of config.toml in the config folder where there is one.

    Paths in it are relative to the file's folder; `~` is the home folder. Raises UsageError that names the file for
    one that cannot be read, an unknown key (with the nearest right one) and a value out of its range.
    """
    named = path is not None
    file = path if path is not None else places.config_file
    file = _expanded(file)
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise UsageError(f"there is no settings file {file}", "check the path given with --config") from None
        return Config()
    except OSError as error:
        raise UsageError(f"cannot read the settings file {file}: {error.strerror}", "check the path") from None
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        # The message quotes no more of the file than one character.
        raise UsageError(f"{file} is not TOML: {error}", 'a line looks like: on-conflict = "newer"') from None
    return _config(file.absolute(), document)


def find_exports(config: Config, outputs: Sequence[Path] = ()) -> FoundExports:
    """Return the exports of a job, in their order; of a pattern the newest match by modification time.

    A path without pattern is taken as it is. What the job itself writes (`outputs`, and the numbered names beside them)
    matches no pattern: each night would else import what the night before has left.
    """
    folder = config.path.parent if config.path is not None else Path()
    paths: list[Path] = []
    picks: list[Pick] = []
    missing: ExportError | None = None
    for entry in config.exports:
        try:
            path, among = _newest(folder, entry, outputs)
        except ExportError as error:
            missing = missing or error
            continue
        paths.append(path)
        if among:
            picks.append(Pick(entry, path, among))
    return FoundExports(tuple(paths), tuple(picks), missing)


def _config(file: Path, document: Mapping[str, Any]) -> Config:
    values: dict[str, Value] = {}
    exports: tuple[str, ...] = ()
    seen: set[str] = set()
    for key, given in document.items():
        name = key.replace("_", "-").casefold()
        if name in seen:
            raise UsageError(f"{file}: {name} is set twice, with a dash and with an underscore", "remove one of them")
        seen.add(name)
        if name == "exports":
            exports = _exports(file, given)
        else:
            values[name] = _value(file, _setting(file, key, name), given)
    return Config(values, exports, file)


def _setting(file: Path, key: str, name: str) -> Setting:
    bare = name.removeprefix("simkl-")
    if bare in _SECRETS:
        raise UsageError(
            f"{file}: {key} does not belong into a settings file, which is no place for secrets",
            "remove it there; sign in with simkl-import login, or set SIMKL_CLIENT_ID and SIMKL_ACCESS_TOKEN",
        )
    setting = BY_NAME.get(name)
    if setting is None and name.startswith("no-") and name[3:] in BY_NAME:
        raise UsageError(f"{file}: unknown setting {key}", f"write {name[3:]} = false")
    if setting is None:
        raise UsageError(
            f"{file}: unknown setting {_plain(key)}{nearest(name, _KEYS)}", "simkl-import config lists them"
        )
    if not setting.in_file:
        raise UsageError(f"{file}: {key} is an option of the command line alone", "remove it there")
    return setting


def _value(file: Path, setting: Setting, value: object) -> Value:
    try:
        if not setting.many:
            return _placed(file, setting, read_value(setting, value))
        entries = value if isinstance(value, list) else [value]
        # Every entry of a repeatable setting is a text or a path, never both in one setting.
        return tuple(_placed(file, setting, read_value(setting, entry)) for entry in entries)  # type: ignore[return-value]
    except ValueError as error:
        raise UsageError(f"{file}: {setting.name} {error}", f"mend this line of {file}") from None


def _placed(file: Path, setting: Setting, value: Value) -> Value:
    if setting.type is Type.PATH and isinstance(value, Path):
        return file.parent / _expanded(value)
    return value


def _exports(file: Path, value: object) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    texts = tuple(entry for entry in entries if isinstance(entry, str) and entry.strip())
    if len(texts) != len(entries):
        raise UsageError(f"{file}: exports is not a list of paths", 'write exports = ["letterboxd.zip"]')
    return texts


def _newest(folder: Path, entry: str, outputs: Sequence[Path]) -> tuple[Path, int]:
    """Return the file that an entry means, and how many match it; 0 if it is no pattern."""
    pattern = entry
    if entry.startswith("~"):
        head, _, pattern = entry.partition("/")
        folder = _expanded(Path(head))
    # A file may be called letterboxd[1].zip: its own name comes before any pattern.
    path = folder / pattern
    if path.exists() or not glob.has_magic(pattern):
        return path, 0
    dated = []
    # As a shell does it: a star does not mean hidden files, which Path.glob would add.
    for match in glob.iglob(pattern, root_dir=folder, recursive=True):  # noqa: PTH207
        found = folder / match
        if any(_is_written_for(found, output) for output in outputs):
            continue
        try:
            dated.append((found.stat().st_mtime_ns, found))
        except OSError:
            continue  # gone since it was listed
    if not dated:
        raise ExportError(f"no export matches {path}", "check the pattern under exports in the settings file")
    return max(dated)[1], len(dated)


def _is_written_for(path: Path, output: Path) -> bool:
    """Tell whether a path is that of an output, or one of the numbered names that stand in for it."""
    path, output = Path(os.path.realpath(path)), Path(os.path.realpath(output))
    if path.parent != output.parent or path.suffix != output.suffix:
        return False
    number = path.stem.removeprefix(f"{output.stem}-")
    return path == output or (number != path.stem and number.isdecimal())


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # no such person on this machine: the path as it stands names what is missing
        return path


def _plain(key: str) -> str:
    return key if key.isprintable() and len(key) <= 40 else repr(key[:40])
