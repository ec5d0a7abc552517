"""The shop's configuration as it is stored: one versioned document, which follows from its events.

It also holds the *epoch*, which stands in every new idempotency key: 0 until the storage is restored from a backup.

An order stores the policies that it was made under by value, so a change tomorrow can't rewrite an order of today.
"""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.settings import Settings

SETTINGS_ID: Final = "set_shop"
EPOCHS_SINCE: Final = datetime(2025, 1, 1, tzinfo=UTC)


@attrs.frozen
class Restore:
    """That the storage was restored from a backup, and the shop told."""

    epoch: int
    """Since then it stands in every new idempotency key."""
    at: datetime
    by: str
    reason: str


def next_epoch(last: int, now: datetime) -> int:
    """An epoch above the *last* one that this storage knows of: whole minutes since 2025.

    Not one more than the last: a backup that is restored a second time doesn't know what the first time has used.
    """
    return max(last + 1, (now - EPOCHS_SINCE) // timedelta(minutes=1))


@attrs.frozen
class SettingsChanged(Event):
    """The shop's configuration was made or changed; `values` holds it whole."""

    topic: ClassVar[str] = "shop.settings_changed"
    values: Settings


@attrs.frozen
class ShopRestored(Event):
    """The storage was restored from a backup, and the world outside is ahead of it: a new epoch began."""

    topic: ClassVar[str] = "shop.restored"
    restore: Restore


@attrs.frozen
class ShopSettings:
    """The configuration as an aggregate."""

    id: str
    version: int
    values: Settings
    restores: tuple[Restore, ...] = ()

    @property
    def epoch(self) -> int:
        """What stands in every new idempotency key; 0 for a shop that was never restored."""
        return self.restores[-1].epoch if self.restores else 0


def evolve(state: ShopSettings | None, event: Event) -> ShopSettings:
    """The configuration after *event*."""
    match event:
        case SettingsChanged(values=values):
            restores = state.restores if state else ()
            return ShopSettings(SETTINGS_ID, state.version + 1 if state else 1, values, restores)
        case ShopRestored(restore=restore) if state is not None and restore.epoch > state.epoch:
            return ShopSettings(SETTINGS_ID, state.version + 1, state.values, (*state.restores, restore))
        case _:
            raise TypeError(f"settings don't know {type(event).__name__}")
