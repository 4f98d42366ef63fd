"""Where things are kept on this machine, by profile. Nothing is made before something is written."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.value import value

APP = "simkl-import"
PROFILES = "profiles"
HOME = "SIMKL_IMPORT_HOME"
PROFILE = "SIMKL_IMPORT_PROFILE"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OWN_SUFFIXES = (".sqlite", ".sqlite-journal", ".lock", ".held", ".pace")
_OWN_NAMES = ("accounts.json", "written.json", "last.json", "account.json")


class NoHomeError(UsageError):
    """This machine names no home folder at all, as for the nameless user of a container."""


@value
class Places:
    """The folders of one person: settings and token in `config`, resume files, locks and pace in `state`.

    `profile` is "" for the one without a name, which never looks into the folders of the others.
    """

    config: Path
    state: Path
    profile: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str], profile: str | None = None) -> Places:
        """Return them from SIMKL_IMPORT_HOME, else by the XDG rules; `profile` None is the one of the environment.

        Raises NoHomeError if there is no home at all, and UsageError for a home or a name that cannot be.
        """
        name = profile if profile is not None else environment.get(PROFILE, "").strip()
        if name and not _NAME.fullmatch(name):
            source = "--profile" if profile is not None else PROFILE
            raise UsageError(
                f"{source}: {name!r} cannot be the name of a profile", "take small letters, digits, - and _: ann"
            )
        home = environment.get(HOME)
        if home:
            root = _home(home)
            found = cls(root, root / "state")
        else:
            found = cls(
                _xdg(environment, "XDG_CONFIG_HOME", ".config") / APP,
                _xdg(environment, "XDG_STATE_HOME", ".local/state") / APP,
            )
        return found.of_profile(name)

    def of_profile(self, name: str) -> Places:
        """Return the places of another profile of the same home."""
        config, state = self._root
        return Places(config / PROFILES / name, state / PROFILES / name, name) if name else Places(config, state)

    def all_profiles(self) -> list[Places]:
        """Return the places of every profile of this home, the one without a name first."""
        folders = [path for root in self._root for path in sorted((root / PROFILES).glob("*")) if path.is_dir()]
        names = sorted({path.name for path in folders if _NAME.fullmatch(path.name)})
        return [self.of_profile(name) for name in ("", *names)]

    @property
    def label(self) -> str:
        """Return the profile in words."""
        return f"profile {self.profile}" if self.profile else "the profile without a name"

    @property
    def token_file(self) -> Path:
        """Return where sign-in keeps the token."""
        return self.config / "token.json"

    @property
    def config_file(self) -> Path:
        """Return where settings are looked for by default."""
        return self.config / "config.toml"

    @property
    def uploads(self) -> Path:
        """Return where the page keeps what it is given, while it is there."""
        return self.state / "web"

    def resume_file(self, account: str) -> Path:
        """Return the default resume file of an account (named by `account_name`)."""
        return self.state / f"{account}.sqlite"

    def resume_files(self) -> list[Path]:
        """Return every resume file of this profile, rehearsals' too, the newest first."""
        others = (self.state / PROFILES, self.uploads)
        found = self.state.glob("**/*.sqlite")
        files = [path for path in found if path.is_file() and not any(map(path.is_relative_to, others))]
        return sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)

    def resume_file_elsewhere(self, account: str) -> tuple[Places, Path] | None:
        """Return the resume file of an account under another profile, unless this one has one too."""
        if self.resume_file(account).exists():
            return None
        for other in self.all_profiles():
            path = other.resume_file(account)
            if other.profile != self.profile and path.exists():
                return other, path
        return None

    def own_files(self) -> Iterator[Path]:
        """Yield the files in which commands keep their state, those of all profiles."""
        state = self._root[1]
        for path in state.glob("**/*") if state.is_dir() else ():
            if path.suffix in _OWN_SUFFIXES or path.name in _OWN_NAMES:
                yield path

    @property
    def _root(self) -> tuple[Path, Path]:
        """Return the folders of the profile without a name."""
        return (self.config.parent.parent, self.state.parent.parent) if self.profile else (self.config, self.state)


def account_name(host: str, account_id: int) -> str:
    """Return one account on one API, as a file name: `51@api.simkl.com`."""
    return f"{account_id}@{host}"


def host_of(url: str) -> str:
    """Return an API's name in files."""
    return urlsplit(url).netloc.replace(":", "-")


def digest(secret: str) -> str:
    """Return a token's name in files: it cannot be turned back into the token."""
    return hashlib.sha256(secret.encode()).hexdigest()[:24]


def _home(text: str) -> Path:
    """Return the folder that SIMKL_IMPORT_HOME names. Raises UsageError if no folder can be there."""
    hint = f"set {HOME} to a folder, or unset it"
    try:
        path = Path(text).expanduser()
        for folder in (path, *path.absolute().parents):
            try:
                mode = folder.stat().st_mode
            except (FileNotFoundError, PermissionError):
                continue
            except NotADirectoryError:
                raise UsageError(f"{HOME}: {text} lies in a file", hint) from None
            if not stat.S_ISDIR(mode):
                raise UsageError(f"{HOME}: {folder} is not a folder", hint)
            break
    except RuntimeError:
        raise UsageError(f"{HOME}: no user of this machine is meant by {text}", hint) from None
    except OSError as error:
        raise UsageError(f"{HOME} cannot be a folder: {error.strerror}", hint) from None
    return path


def _xdg(environment: Mapping[str, str], variable: str, default: str) -> Path:
    named = environment.get(variable)
    if named and Path(named).is_absolute():
        return Path(named)
    try:
        return Path.home() / default
    except RuntimeError as error:
        raise NoHomeError("this machine names no home folder", f"set {HOME} to a folder") from error
