"""Every bug that is planted, by its name: that of the model of Spin (`tools/model/bugs.py`) where it is the same."""

from typing import Final

from safety.protocol import asking, hearing, keeping
from safety.protocol.seeding import Bug

BUGS: Final[dict[str, Bug]] = {bug.name: bug for bug in (*asking.BUGS, *hearing.BUGS, *keeping.BUGS)}
