"""After the commit: the tax provider is asked for what filings wish, and its answers are observed."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

import attrs

from tokolib.documents.filing import steps
from tokolib.documents.filing.model import Keeper, TaxFiling
from tokolib.documents.filing.ports import FILINGS
from tokolib.effects.answers import answer
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.effects.outside import Conflict, NotFoundOutside, NotSupported
from tokolib.effects.perform import PERMISSION, perform
from tokolib.effects.ports import Observe
from tokolib.effects.resend import Dedupe, Terms
from tokolib.effects.words import word
from tokolib.kernel.clock import Clock, sortable
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import FilingId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.tax.estimates import TaxReceipt
from tokolib.tax.ports import TaxCan, TaxProvider

TaxProviders = Mapping[str, TaxProvider]
"""The shop's tax providers by name: the one that it asks, and those of whom it has asked before."""
TERMS: Final = Terms(dedupe=Dedupe.KEY, lookup=False)
"""Of every tax provider, by its port: the same key twice is once, for ever, and nothing can be looked up by it."""


def keeper(provider: TaxProvider | None) -> Keeper | None:
    """A *provider* that keeps documents, and how it does; None where there is none, or it can't."""
    if provider is None or TaxCan.COMMIT in (lacks := provider.capabilities.lacks):
        return None
    within = provider.capabilities.void_within
    return Keeper(name=provider.name, void_within=within, no_refunds=lacks.get(TaxCan.REFUND, ""))


@attrs.frozen
class TaxWish:
    """One operation of a filing, as `effects.perform` takes it."""

    provider: TaxProvider
    filing: TaxFiling
    operation_id: str
    clock: Clock

    @property
    def terms(self) -> Terms:
        """What every provider promises about repeated requests."""
        return TERMS

    async def claim(self, unit: Unit, *, again_after: int | None) -> Operation | None:
        """Lease the operation."""
        return await steps.claim(unit, self.filing.id, self.operation_id, again_after)

    async def send(self, operation: Operation) -> Observation:
        """Ask the provider for what the operation wishes. That it knows otherwise is a definite no of this port's."""
        try:
            receipt = await self._ask(operation)
        except (Conflict, NotFoundOutside) as refusal:
            return self._seen(operation, EffectState.FAILED, failure=refusal.failure)
        if not isinstance(receipt, TaxReceipt):
            return self._seen(operation, EffectState.REVIEW, failure="documents.no_receipt")
        expected = (self.filing.document.number, self.filing.tax_with(operation), operation.kind is EffectKind.TAX_VOID)
        if (receipt.number, receipt.tax, receipt.void) != expected:
            return self._seen(operation, EffectState.REVIEW, receipt.reference, failure="documents.other_receipt")
        return self._seen(operation, EffectState.SUCCEEDED, receipt.reference)

    async def look_up(self, operation: Operation) -> tuple[Observation, ...]:
        """Nothing: the port can't look up."""
        raise NotSupported(self.provider.name, "lookup")

    async def _ask(self, operation: Operation) -> object:
        number, key = self.filing.document.number, operation.key

        async def commit() -> object:
            return await resolved(self.provider.commit(self.filing.document, key=key))

        async def void() -> object:
            return await resolved(self.provider.void(number, key=key))

        async def refund() -> object:
            slices = self.filing.note(operation.subject).slices
            return await resolved(self.provider.refund(number, slices, key=key))

        calls = {EffectKind.TAX_COMMIT: commit, EffectKind.TAX_VOID: void}
        ask = calls.get(operation.kind, refund)
        return await answer(self.provider.name, ask.__name__, key, ask)

    def _seen(self, operation: Operation, state: EffectState, reference: str = "", failure: str = "") -> Observation:
        at = self.clock.now()
        return word(operation, state, source=Source.ANSWER, at=at, reference=reference, failure=failure)


async def advance(work: Work, providers: TaxProviders, id: FilingId, observe: Observe) -> TaxFiling | None:
    """The filing after its provider was told all that is due, one after the other until one isn't confirmed.

    None where there is no such filing. Never call it inside a unit: it opens its own, and calls the provider between
    them. Inside a transaction of the host nobody is asked, for it could be rolled back afterwards; nor is anybody but
    the provider whose figures they are. Where that is none of *providers* any more, a person is told.
    """
    work = work.own()  # whoever may issue a document may have it filed
    while True:
        filing = await _read(work, id)
        if filing is None or work.joined:
            return filing
        turn, due = filing.turn, filing.ask_at
        is_due = filing.absent is not None or (due is not None and due <= work.clock.now())
        if turn is None or not is_due:
            return filing
        if (provider := providers.get(filing.provider)) is None:
            return await work.write(PERMISSION, partial(steps.unask, id=id, operation_id=turn.id))
        if await perform(work, TaxWish(provider, filing, turn.id, work.clock), observe) is None:
            return await _read(work, id)


async def due(unit: Unit, *, limit: int = 100) -> tuple[TaxFiling, ...]:
    """Filings that their providers are to be asked about now, the longest waiting first."""
    until = sortable(unit.now + timedelta(microseconds=1))  # the index's range is half-open
    page = await unit[FILINGS].where("ask", since="", until=until, limit=limit)
    return page.items


async def back(unit: Unit, providers: TaxProviders, *, limit: int = 100) -> tuple[TaxFiling, ...]:
    """Filings that wait for one of *providers* that was not there, and is now."""
    found: list[TaxFiling] = []
    for name in sorted(providers):
        found += (await unit[FILINGS].where("absent", equals={"absent": name}, limit=limit)).items
    return tuple(found[:limit])


async def _read(work: Work, id: FilingId) -> TaxFiling | None:
    async def find(unit: Unit) -> TaxFiling | None:
        return await unit[FILINGS].find(id)

    return await work.read(find)
