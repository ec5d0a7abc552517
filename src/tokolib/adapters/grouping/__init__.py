"""Group commit: many units of work, one commit that reaches the disk."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.adapters.grouping.storage import GroupCommit

__all__ = ["GroupCommit"]

__getattr__ = exports(__name__, {"GroupCommit": "storage"})
