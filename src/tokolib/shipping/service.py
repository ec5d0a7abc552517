"""The door `delivery`: how goods may travel, and what it costs."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.conditions import Facts
from tokolib.kernel.address import Address
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.shipping import steps
from tokolib.shipping.model import (
    PLAIN,
    Consignment,
    DeliveryMethod,
    MethodKind,
    Rate,
    TableLoaded,
    Terms,
    method_code,
)
from tokolib.shipping.places import Area, Destination
from tokolib.shipping.presets import weight_rule
from tokolib.shipping.rows import Source, read_rates
from tokolib.shipping.weight import Parcel, WeightRule
from tokolib.tax.rules import check_class

_PUT: Final = "delivery.put"


@attrs.frozen
class DeliveryService(Service[Colour]):
    """Delivery methods of one shop."""

    work: Work
    blocking: bool

    @command
    async def flat(
        self,
        code: str,
        price: Money,
        *,
        name: str = "",
        cod: bool = True,
        free_from: Money | None = None,
        areas: Sequence[Area] = (),
        tax_class: str = "shipping",
        points_of: str = "",
    ) -> DeliveryMethod:
        """Offer a method at one price for every parcel; the same twice is the same.

        With *points_of*, a courier account, its parcels wait at that courier's collection points.

        Raises:
            InvalidMethod: a code that is no method's, or a negative price. Nothing was stored.
            UnknownTaxClass: the shop's country has no such class. Nothing was stored.
            CurrencyMismatch: *free_from* is in another currency than *price*. NotMoney: a bare number.
            CurrencyNotAccepted: the shop doesn't sell in that of *price*. Nothing was stored.
        """
        method_code(code)  # before it serves as the name
        terms = Terms(
            name=name or code,
            kind=MethodKind.FLAT,
            currency=price.currency,
            price=price.minor_units,
            weight_rule=weight_rule(code) or PLAIN,
            areas=tuple(areas),
            tax_class=tax_class,
            free_from=None if free_from is None else _minor_units(free_from, price.currency),
            cod=cod,
            points_of=points_of,
        )
        return await self._put(code, terms)

    @command
    async def table(
        self,
        code: str,
        rows: Source,
        *,
        rule: WeightRule | None = None,
        in_currency: Currency | None = None,
        name: str = "",
        cod: bool = True,
        tax_class: str = "shipping",
        points_of: str = "",
        columns: Mapping[str, str] | None = None,
        locale: str | None = None,
        dry_run: bool = False,
    ) -> TableLoaded:
        """Offer a method by area and weight, and make *rows* its whole table; the same twice changes nothing.

        *rows* are CSV as text, UTF-8 bytes or an open file (`open(path, "rb")`), or mappings of cells by header.
        *rule* is the courier's preset unless given. *columns* maps our column names to the file's headers, and
        *locale* reads amounts as people type them. *points_of* is as of `flat`. With *dry_run* everything is checked
        and nothing stored.

        Raises:
            TableRejected: with every fault by line and column. Nothing was stored.
            InvalidInput: *rows* are nothing that can be read.
            InvalidMethod: a code that is no method's. Nothing was stored.
            UnknownTaxClass: the shop's country has no such class. Nothing was stored.
            CurrencyNotAccepted: the shop doesn't sell in *in_currency*. Nothing was stored.
        """
        id_ = method_code(code)

        settings = await self.work.read(_settings)
        check_class(settings.country, tax_class)
        money = in_currency or currency(settings.currency)
        settings.money(money.code)
        terms = Terms(
            name=name or code,
            kind=MethodKind.TABLE,
            currency=money,
            weight_rule=rule or weight_rule(id_) or PLAIN,
            tax_class=tax_class,
            cod=cod,
            points_of=points_of,
        )
        rates = read_rates(
            rows, money, country=settings.country, columns=columns, locale=locale, limits=settings.limits
        )  # once, and before anything is locked: rows that come from an iterator can't be read again by a retry

        async def step(unit: Unit) -> TableLoaded:
            if not dry_run:
                await steps.put(unit, id_, terms)
            return await steps.load(unit, id_, rates, dry_run=dry_run)

        return await (self.work.read(step) if dry_run else self.work.write(_PUT, step))

    @command
    async def put(self, code: str, terms: Terms) -> DeliveryMethod:
        """Offer a method on *terms*, whatever they are: conditions, fees, insurance; the same twice is the same.

        Raises:
            InvalidMethod: a code that is no method's. Nothing was stored.
            InvalidInput: the conditions ask for what is never known of an order, or never hold. Nothing was stored.
            UnknownTaxClass: the shop's country has no such class. Nothing was stored.
            CurrencyNotAccepted: the shop doesn't sell in the currency of *terms*. Nothing was stored.
        """
        return await self._put(code, terms)

    @command
    async def withdraw(self, code: str) -> None:
        """Offer a method no longer. What was sold with it stays; putting it again offers it again, table and all."""

        async def step(unit: Unit) -> None:
            await steps.withdraw(unit, code)

        await self.work.write("delivery.withdraw", step)

    @command
    async def methods(self) -> tuple[DeliveryMethod, ...]:
        """All methods that are offered, by code."""
        return await self.work.read(steps.methods)

    @command
    async def rates(
        self,
        destination: Address | Destination,
        *,
        grams: int = 0,
        parcels: Sequence[Parcel] = (),
        goods: Money | None = None,
        facts: Facts | None = None,
    ) -> tuple[Rate, ...]:
        """What each method asks for *parcels* (or one of *grams*) to *destination*, cheapest first.

        *goods* is their value, for free delivery; its currency, else the shop's, is the one that is asked for.

        Raises:
            NoRate: no method serves it; each is named with its reason.
        """

        async def step(unit: Unit) -> tuple[Rate, ...]:
            money = goods.currency if goods is not None else currency((await unit.settings()).currency)
            sent = tuple(parcels) or (Parcel(grams),)
            value = goods.minor_units if goods is not None else 0
            asked = Consignment(Destination.of(destination), money, sent, value)
            return (await steps.offers(unit, asked, facts or {})).rates

        return await self.work.read(step)

    async def _put(self, code: str, terms: Terms) -> DeliveryMethod:
        async def step(unit: Unit) -> DeliveryMethod:
            check_class((await unit.settings()).country, terms.tax_class)
            return await steps.put(unit, code, terms)

        return await self.work.write(_PUT, step)


async def _settings(unit: Unit) -> Settings:
    return await unit.settings()


def _minor_units(amount: Money, of: Currency) -> int:
    if amount.currency != of:
        raise CurrencyMismatch(of.code, amount.currency.code)
    return amount.minor_units
