"""The door `tenders`: which ways to pay a shop offers, and to whom."""

from collections.abc import Collection, Iterable

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.work import Work
from tokolib.payments.accepting import steps
from tokolib.payments.accepting.model import Risk, TenderPolicy, TenderTerms
from tokolib.payments.accepting.ports import TENDERS


@attrs.frozen
class TenderService(Service[Colour]):
    """What one shop says of its tenders. One of which it says nothing is offered to everybody."""

    work: Work
    blocking: bool
    gateways: Collection[str]

    @command
    async def put(
        self,
        tender: str,
        *,
        at_least: Money | None = None,
        at_most: Money | None = None,
        conditions: Predicate = ALWAYS,
        risks: Iterable[Risk] = (),
        currency: str = "",
    ) -> TenderPolicy:
        """Offer a tender within these limits; what isn't given is no limit. The same twice is the same.

        Amounts hold it to carts of their currency; bare ones in *conditions* and *risks* are in *currency*, which is
        that of the limits, or of the books, when left out. Placed orders stay as they are.

        Raises:
            UnknownTender: the shop has no such tender.
            InvalidInput: limits, conditions or risks that can't be, or a currency that the shop doesn't sell in; all,
                with paths. NotMoney: a bare number. Nothing was changed.
        """
        return await self._keep(tender, TenderTerms(True, at_least, at_most, conditions, tuple(risks), currency))

    @command
    async def withdraw(self, tender: str) -> TenderPolicy:
        """Offer a tender no longer, until it is put again.

        Raises:
            UnknownTender: the shop has no such tender. InvalidInput: it is `free`. Nothing was changed.
        """
        return await self._keep(tender, TenderTerms(offered=False))

    @command
    async def policies(self) -> tuple[TenderPolicy, ...]:
        """What the shop says of its tenders, by their names; those of which it says nothing are left out."""

        async def step(unit: Unit) -> tuple[TenderPolicy, ...]:
            return await every(unit[TENDERS], "by_id", {})

        return await self.work.read(step)

    async def _keep(self, tender: str, terms: TenderTerms) -> TenderPolicy:
        async def step(unit: Unit) -> TenderPolicy:
            return await steps.keep_tender(unit, tender, terms, self.gateways)

        return await self.work.write("tenders.put", step)
