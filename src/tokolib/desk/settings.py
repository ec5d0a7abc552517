"""The door `settings`: the shop's stored configuration."""

from datetime import date
from typing import Any, ClassVar, Final

import attrs

from tokolib.desk.refining import refinement_faults, told
from tokolib.inventory.register import known
from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.configuration import SETTINGS_ID, SettingsChanged
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.defaults import defaults
from tokolib.kernel.errors import ConfigMismatch, InvalidInput, TokolibError, VersionMismatch
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import Money
from tokolib.kernel.policies import Policies
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.registration import Registration
from tokolib.kernel.return_policy import ReturnPolicy
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.rows import Kind
from tokolib.kernel.settings import Settings
from tokolib.kernel.sourcing_rules import SourcingRules
from tokolib.kernel.tolerance import Tolerance
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.verification import VerificationRule
from tokolib.kernel.work import Work


@attrs.frozen
class CountryNeeded(TokolibError):
    """A new shop is opened, and nobody said where it is."""

    code: ClassVar[str] = "shop.country_needed"

    def __str__(self) -> str:
        return "this storage holds no shop yet, and open() was not told its country"

    @property
    def hint(self) -> str:
        return 'open it once with its country: tokolib.open(url, country="ID")'


@attrs.frozen
class SettingsLost(TokolibError):
    """The storage has the rows of a shop, and its configuration isn't among them. Nothing was changed."""

    code: ClassVar[str] = "shop.settings_lost"
    status: ClassVar[int] = 503

    def __str__(self) -> str:
        return "this storage is damaged: it holds a shop, but the shop's configuration is gone"

    @property
    def hint(self) -> str:
        return "run: python -m tokolib verify URL, and restore a backup"


_NO_SETTINGS: Final = ("self", "expected")


@attrs.frozen
class SettingsService(Service[Colour]):
    """Reading and changing the shop's configuration."""

    work: Work
    blocking: bool

    @command
    async def get(self) -> Settings:
        """The configuration now."""

        async def step(unit: Unit) -> Settings:
            return await unit.settings()

        return await self.work.read(step)

    @command
    async def change(
        self,
        *,
        zone: str | None = None,
        currencies: tuple[str, ...] | None = None,
        prices_include_tax: bool | None = None,
        pkp_since: date | None = None,
        pkp_until: date | None = None,
        tax_id: str | None = None,
        registrations: tuple[Registration, ...] | None = None,
        tax_rounding: RoundingProfile | None = None,
        hold_minutes: int | None = None,
        transfer_hours: int | None = None,
        quote_minutes: int | None = None,
        reference_prefix: str | None = None,
        invoice_prefix: str | None = None,
        credit_note_prefix: str | None = None,
        policies: Policies | None = None,
        short_tolerance: tuple[Tolerance, ...] | None = None,
        over_tolerance: tuple[Tolerance, ...] | None = None,
        count_limit: CountLimit | None = None,
        lot_days_left: int | None = None,
        limits: Limits | None = None,
        sourcing: SourcingRules | None = None,
        refinements: tuple[Refinement, ...] | None = None,
        book_rates: tuple[BookRate, ...] | None = None,
        verification: tuple[VerificationRule, ...] | None = None,
        return_policy: ReturnPolicy | None = None,
        return_limit: tuple[Money, ...] | None = None,
        expected: int | None = None,
    ) -> Settings:
        """Change the settings that are given; the others stay. Orders that exist keep what they were made under.

        Country and currency are fixed: the books are kept by them. *currencies* are the others that it sells in; in
        one that isn't named any longer nothing is quoted, and what was ordered in it goes its way. *refinements* are
        all tables of sub-states at once: those that aren't named any longer hold for the orders that have them.
        *book_rates* are all rates at once too, at most one for each of the other currencies: an order that is placed
        from now on freezes the one of its currency, and where there is none the books keep it in its own alone. The
        rate of a currency that isn't sold in any longer goes with it. *verification* are all rules at once as well:
        they look at orders that are placed from now on. *return_policy* is the whole policy: orders that are placed
        from now on freeze it. *return_limit* has one amount for each currency at most.
        *sourcing* are all places at once: quotes that name no location choose among them from now on.

        Raises:
            InvalidInput: values that can't be: prefixes that can't be printed, terms that aren't positive or are
                longer than ten years, currencies that are none, rates of others than these, two tolerances of one
                currency, two verification rules of one code and owner, tables of sub-states that fail a proof; all of
                them are named. UnknownZone: no such time zone.
            UnknownLocation, InvalidLocation: *sourcing* names a place that there is not.
            VersionMismatch: not at version *expected*. In all cases nothing was changed.
        """
        given = dict(locals())  # taken before anything else is named: each setting is an argument of the same name
        values = {name: value for name, value in given.items() if name not in _NO_SETTINGS and value is not None}
        check_refinements(refinements)

        async def step(unit: Unit) -> Settings:
            return await _changed(unit, values, expected)

        return await self.work.write("settings.change", step)


async def _changed(unit: Unit, values: dict[str, Any], expected: int | None) -> Settings:
    state = await unit[SETTINGS].get(SETTINGS_ID)
    if expected is not None and state.version != expected:
        raise VersionMismatch("configuration", state.id, expected, state.version)
    changed = attrs.evolve(state.values, **_with_rates_left(state.values, values))
    for each in changed.sourcing.places:
        await known(unit, each.location)
    if changed != state.values:
        unit[SETTINGS].record(state, SettingsChanged(changed))
    return changed


def _with_rates_left(stored: Settings, values: dict[str, Any]) -> dict[str, Any]:
    """*values*, with the rates that are left where only the currencies are changed."""
    if "currencies" not in values or "book_rates" in values:
        return values
    left = tuple(each for each in stored.book_rates if each.currency in values["currencies"])
    return {**values, "book_rates": left}


def check_refinements(tables: object) -> None:
    """Pass when *tables* of sub-states, if any are given, fulfil what ours do.

    Raises:
        InvalidInput: they don't; all faults, with paths.
    """
    if tables and (faults := tuple(refinement_faults(tables))):
        raise InvalidInput(faults)


async def settle(
    unit: Unit,
    *,
    country: str | None,
    currency: str | None,
    zone: str | None,
    pkp_since: date | None,
    refinements: tuple[Refinement, ...] | None,
) -> Settings:
    """The configuration of the shop that is being opened: made now, or stored and held against what was given.

    Raises:
        CountryNeeded, UnknownCountry, UnknownCurrency, UnknownZone: a new shop can't be made of this.
        SettingsLost: there is a shop already, without its configuration.
        ConfigMismatch: the stored one says otherwise. Nothing was changed.
    """
    state = await unit[SETTINGS].find(SETTINGS_ID)
    given = {"country": country, "currency": currency, "zone": zone, "pkp_since": pkp_since}
    if state is not None:
        for name, value in given.items():
            stored = getattr(state.values, name)
            if value is not None and value != stored:
                raise ConfigMismatch(name, str(stored), str(value))
        if refinements is not None and frozenset(refinements) != frozenset(state.values.refinements):
            raise ConfigMismatch("refinements", told(state.values.refinements), told(refinements))
        return state.values
    if (await resolved(unit.work.scan(Kind.HISTORY, limit=1))).items:
        raise SettingsLost()
    if country is None:
        raise CountryNeeded()
    made = attrs.evolve(
        defaults(country, currency=currency, zone=zone), pkp_since=pkp_since, refinements=refinements or ()
    )
    return unit[SETTINGS].record(None, SettingsChanged(made)).values
