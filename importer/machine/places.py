"""Where things are kept on this machine. Nothing is made before something is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from importer.errors import UsageError

APP = "simkl-import"
_OWN_SUFFIXES = (".sqlite", ".sqlite-journal", ".lock", ".held", ".pace")
_OWN_NAMES = ("accounts.json", "written.json", "last.json", "account.json")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one person: settings and token in `config`, resume files, locks and pace in `state`."""

    config: Path
    state: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Places:
        """From SIMKL_IMPORT_HOME, else by the XDG rules. Raises UsageError where there is no home at all."""
        home = environment.get("SIMKL_IMPORT_HOME")
        if home:
            return cls(Path(home).expanduser(), Path(home).expanduser() / "state")
        return cls(
            _xdg(environment, "XDG_CONFIG_HOME", ".config") / APP,
            _xdg(environment, "XDG_STATE_HOME", ".local/state") / APP,
        )

    @property
    def token_file(self) -> Path:
        """Where sign-in keeps the token."""
        return self.config / "token.json"

    @property
    def config_file(self) -> Path:
        """Where settings are looked for by default."""
        return self.config / "config.toml"

    def own_files(self) -> Iterator[Path]:
        """Yield the files in which commands keep their state: resume files, locks, what they remember."""
        for path in self.state.glob("**/*") if self.state.is_dir() else ():
            if path.suffix in _OWN_SUFFIXES or path.name in _OWN_NAMES:
                yield path

    def resume_file(self, account: str) -> Path:
        """The default resume file of an account (named by `account_name`)."""
        return self.state / f"{account}.sqlite"


def account_name(host: str, account_id: int) -> str:
    """One account on one API, as a file name: `51@api.simkl.com`."""
    return f"{account_id}@{host}"


def host_of(url: str) -> str:
    """An API's name in files."""
    return urlsplit(url).netloc.replace(":", "-")


def digest(secret: str) -> str:
    """A token's name in files: it cannot be turned back into the token."""
    return hashlib.sha256(secret.encode()).hexdigest()[:24]


def _xdg(environment: Mapping[str, str], variable: str, default: str) -> Path:
    named = environment.get(variable)
    if named and Path(named).is_absolute():
        return Path(named)
    try:
        return Path.home() / default
    except RuntimeError as error:
        raise UsageError("this machine names no home folder", "set SIMKL_IMPORT_HOME to a folder") from error
