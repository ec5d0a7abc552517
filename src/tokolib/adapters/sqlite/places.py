"""Why a file can't be opened: SQLite says that it can't, and no more."""

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

from tokolib.kernel.storage_errors import Unavailable

NAME_A_FILE: Final = "name a file that is there, or that can be made in its folder"


def must_be_a_file(path: str) -> None:
    """Refuse what is there and is no file: SQLite takes some of it, and fails in the middle.

    Raises:
        Unavailable: it is a folder, a device, or whatever else.
    """
    mode = _mode(path)
    if mode is not None and not S_ISREG(mode):
        raise Unavailable("this is a folder" if S_ISDIR(mode) else "this is no file", NAME_A_FILE)


def way_in(path: str) -> str:
    """What to do about a file that can't be opened."""
    folder = Path(path).parent
    mode = _mode(str(folder))
    if _mode(path) is not None:
        return "let this process read and write the file, and in its folder"
    if mode is None:
        return f"make the folder first, or let this process look into those above it: {folder}"
    if not S_ISDIR(mode):
        return f"name another place: {folder} is no folder"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"let this process read and write in the folder {folder}"
    return NAME_A_FILE


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):  # there is none, or no way to it, or its name can't be said
        return None
