"""How the shop's configuration is stored."""

from typing import Final

from tokolib.kernel.configuration import SettingsChanged, ShopRestored, ShopSettings
from tokolib.kernel.configuration import evolve as evolve_settings
from tokolib.records import collections
from tokolib.records.record import Record

SETTINGS: Final = Record(
    collection=collections.SETTINGS,
    noun="configuration",
    cls=ShopSettings,
    evolve=evolve_settings,
    reference=True,
    events=(SettingsChanged, ShopRestored),
)
