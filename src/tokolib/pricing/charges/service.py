"""The door `charges`."""

from decimal import Decimal
from typing import TypedDict, Unpack

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import exact
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.work import Work
from tokolib.pricing.charges import steps
from tokolib.pricing.charges.decide import charge_code
from tokolib.pricing.charges.events import ChargeStopped
from tokolib.pricing.charges.model import (
    WISHED,
    ChargeRule,
    ChargeTerms,
    CourierCharge,
    Figure,
    FixedCharge,
    Per,
    PercentCharge,
    PercentOf,
)
from tokolib.pricing.charges.ports import CHARGE_RULES
from tokolib.pricing.faults import by_argument
from tokolib.pricing.model import ChargeKind
from tokolib.tax.model import STANDARD


class ChargeOptions(TypedDict, total=False):
    """What any charge rule may say beside its figure; every one may be left out."""

    name: str
    """As customers read it; the code when left out."""
    conditions: Predicate
    """Over the facts of the whole order."""
    by_wish: bool
    """Only where the customer wishes; when left out, gift wrap and insurance are wished, and the others are not."""
    priority: int
    """Of rules of one kind the larger decides; 0 when left out."""
    tax_class: str
    """`standard` when left out."""
    refundable: bool
    """Whether returned goods bring their share back, where the shop's policy gives charges back; yes when left out."""
    currency: str
    """Of bare minor units in the conditions, ISO 4217; that of the amounts, or of the books, when left out."""


@attrs.frozen
class ChargeService(Service[Colour]):
    """Charges that the shop asks for by rule, beside the goods and their delivery."""

    work: Work
    blocking: bool

    @command
    async def fixed(
        self, code: str, kind: ChargeKind, amount: Money, *, per: Per = Per.ORDER, **options: Unpack[ChargeOptions]
    ) -> ChargeRule:
        """An amount, for the order or for each line or unit. The same *code* again changes its terms.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number.
            UnknownTaxClass: the shop's country has no such class. Nothing was changed.
        """
        return await self._keep(code, kind, FixedCharge(amount, per), options)

    @command
    async def percent(
        self,
        code: str,
        kind: ChargeKind,
        percent: int | str | Decimal,
        *,
        of: PercentOf = PercentOf.AFTER_DISCOUNTS,
        minimum: Money | None = None,
        maximum: Money | None = None,
        **options: Unpack[ChargeOptions],
    ) -> ChargeRule:
        """A percentage of the goods, rounded up, at least *minimum* and at most *maximum*.

        Raises:
            InvalidInput: every fault of the terms. NotExact: a float. NotMoney: a bare number as an amount.
            UnknownTaxClass: the shop's country has no such class. Nothing was changed.
        """
        return await self._keep(code, kind, PercentCharge(exact(percent, "percent"), of, minimum, maximum), options)

    @command
    async def as_courier(self, code: str, kind: ChargeKind, **options: Unpack[ChargeOptions]) -> ChargeRule:
        """What the courier asks for cash on delivery, or for insurance, passed on to the customer.

        Raises:
            InvalidInput: every fault of the terms.
            UnknownTaxClass: the shop's country has no such class. Nothing was changed.
        """
        return await self._keep(code, kind, CourierCharge(), options)

    async def _keep(self, code: str, kind: ChargeKind, figure: Figure, options: ChargeOptions) -> ChargeRule:
        terms = ChargeTerms(
            kind,
            options.get("name", code),
            figure,
            options.get("conditions", ALWAYS),
            options.get("by_wish", kind in WISHED),
            options.get("priority", 0),
            options.get("tax_class", STANDARD),
            options.get("refundable", True),
            options.get("currency", ""),
        )
        try:
            return await self._put(code, terms)
        except InvalidInput as refused:
            raise by_argument(refused, {"figure.": "", "figure": "kind"}) from None

    @command
    async def put(self, code: str, terms: ChargeTerms) -> ChargeRule:
        """A charge rule by its terms, whole; the same twice is the same.

        Raises:
            InvalidInput: every fault of the terms.
            UnknownTaxClass: the shop's country has no such class. Nothing was changed.
        """
        return await self._put(code, terms)

    async def _put(self, code: str, terms: ChargeTerms) -> ChargeRule:
        id = charge_code(code)

        async def step(unit: Unit) -> ChargeRule:
            return await steps.keep_charge(unit, id, terms)

        return await self.work.write("charges.put", step)

    @command
    async def stop(self, code: str) -> ChargeRule:
        """Ask for a charge no longer, until it is put again. The second time changes nothing.

        Raises:
            NotFound: there is no such rule.
        """
        id = charge_code(code)

        async def step(unit: Unit) -> ChargeRule:
            held = await unit[CHARGE_RULES].get(id)
            return unit[CHARGE_RULES].record(held, ChargeStopped(held.id)) if held.active else held

        return await self.work.write("charges.put", step)

    @command
    async def get(self, code: str) -> ChargeRule:
        """The charge rule by its code, stopped or not.

        Raises:
            NotFound: there is no such rule.
        """
        id = charge_code(code)

        async def step(unit: Unit) -> ChargeRule:
            return await unit[CHARGE_RULES].get(id)

        return await self.work.read(step)

    @command
    async def running(self) -> tuple[ChargeRule, ...]:
        """All charge rules that are asked for, by code."""

        async def step(unit: Unit) -> tuple[ChargeRule, ...]:
            return await every(unit[CHARGE_RULES], "running", {"active": 1})

        return await self.work.read(step)
