"""What the predicate language refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import Fault, TokolibError


@attrs.frozen
class InvalidPredicate(TokolibError):
    """A predicate has faults; all of them are named with their paths, and nothing was stored."""

    code: ClassVar[str] = "conditions.invalid_predicate"
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)
