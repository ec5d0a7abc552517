"""Group commit: many units of work, one commit that reaches the disk."""

from tokolib.adapters.grouping.storage import GroupCommit

__all__ = ["GroupCommit"]
