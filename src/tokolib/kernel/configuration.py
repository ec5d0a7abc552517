"""The shop's configuration as it is stored: one versioned document, which follows from its events.

An order stores the policies that it was made under by value, so a change tomorrow can't rewrite an order of today.
"""

from typing import ClassVar, Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.settings import Settings

SETTINGS_ID: Final = "set_shop"


@attrs.frozen
class SettingsChanged(Event):
    """The shop's configuration was made or changed; `values` holds it whole."""

    topic: ClassVar[str] = "shop.settings_changed"
    values: Settings


@attrs.frozen
class ShopSettings:
    """The configuration as an aggregate."""

    id: str
    version: int
    values: Settings


def evolve(state: ShopSettings | None, event: Event) -> ShopSettings:
    """The configuration after *event*."""
    match event:
        case SettingsChanged(values=values):
            return ShopSettings(SETTINGS_ID, state.version + 1 if state else 1, values)
        case _:
            raise TypeError(f"settings don't know {type(event).__name__}")
