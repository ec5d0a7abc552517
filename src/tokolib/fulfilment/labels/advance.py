"""After the commit: couriers are asked for what labels wish, and their answers are observed."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

import attrs

from tokolib.effects.answers import answer
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.effects.outside import NotFoundOutside
from tokolib.effects.perform import PERMISSION, perform
from tokolib.effects.ports import Observe
from tokolib.effects.resend import Terms
from tokolib.effects.words import word
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.fulfilment.labels import steps
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.kernel.clock import Clock, sortable
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import LabelId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

Couriers = Mapping[str, Courier]
"""The shop's courier accounts by name."""


@attrs.frozen
class LabelWish:
    """One operation of a label, as `effects.perform` takes it."""

    courier: Courier
    label: Label
    operation_id: str
    clock: Clock

    @property
    def terms(self) -> Terms:
        """What the account promises about repeated requests."""
        return self.courier.capabilities.terms

    async def claim(self, unit: Unit, *, again_after: int | None) -> Operation | None:
        """Lease the operation."""
        return await steps.claim(unit, self.label.id, self.operation_id, again_after)

    async def send(self, operation: Operation) -> Observation:
        """Ask the courier for what the operation wishes."""
        if operation.kind is EffectKind.LABEL:
            return self._bought(operation, await self._told("book", operation, self._book))
        try:
            return self._voided(operation, await self._told("void", operation, self._void))
        except NotFoundOutside as unknown:
            return self._seen(operation, EffectState.REVIEW, failure=unknown.failure)

    async def look_up(self, operation: Operation) -> tuple[Observation, ...]:
        """Every label under the key that it was bought under: two are two observations. Of a void: that it is."""
        buying = self.label.wishes.buying

        async def ask(key: str) -> object:
            return await resolved(self.courier.look_up(key))

        found = await self._told("look_up", buying, ask)
        if not isinstance(found, tuple):
            return (self._seen(operation, EffectState.REVIEW, failure="fulfilment.no_labels"),)
        if operation.kind is EffectKind.LABEL:
            return tuple(self._bought(operation, each) for each in found)
        same = [each for each in found if isinstance(each, BoughtLabel) and each.reference == self.label.reference]
        return tuple(self._voided(operation, each) for each in same if each.void)

    async def _told(self, call: str, operation: Operation, ask: Callable[[str], Awaitable[object]]) -> object:
        return await answer(self.courier.name, call, operation.key, partial(ask, operation.key))

    async def _book(self, key: str) -> object:
        return await resolved(self.courier.book(self.label.request, key=key))

    async def _void(self, key: str) -> object:
        return await resolved(self.courier.void(self.label.reference, key=key))

    def _bought(self, operation: Operation, told: object) -> Observation:
        if not isinstance(told, BoughtLabel):
            return self._seen(operation, EffectState.REVIEW, failure="fulfilment.no_label")
        if told.key != operation.key or told.void or not told.reference:
            failure = "fulfilment.void_outside" if told.void else "fulfilment.other_label"
            return self._seen(operation, EffectState.REVIEW, told.reference, failure)
        seen = self._seen(operation, EffectState.SUCCEEDED, told.reference)
        return attrs.evolve(seen, details=details_of(told))

    def _voided(self, operation: Operation, told: object) -> Observation:
        if not isinstance(told, BoughtLabel) or not told.void or told.reference != self.label.reference:
            return self._seen(operation, EffectState.REVIEW, failure="fulfilment.not_voided")
        return self._seen(operation, EffectState.SUCCEEDED, told.reference)

    def _seen(self, operation: Operation, state: EffectState, reference: str = "", failure: str = "") -> Observation:
        at = self.clock.now()
        return word(operation, state, source=Source.ANSWER, at=at, reference=reference, failure=failure)


def details_of(told: BoughtLabel) -> tuple[tuple[str, str], ...]:
    """What a courier's answer says of a label, as pairs of texts."""
    price = () if told.price is None else (told.price,)
    figures = [pair for one in price for pair in (("price", str(one.minor_units)), ("currency", one.currency.code))]
    said = [("reference", told.reference), ("tracking", told.tracking), ("document", told.document), *figures]
    return tuple(sorted((name, text) for name, text in said if text))


async def advance(work: Work, couriers: Couriers, id: LabelId, observe: Observe) -> Label | None:
    """The label after its courier was asked for what is due; None where there is no such label.

    Never call it inside a unit: it opens its own, and calls the courier between them. Inside a transaction of the host
    nobody is asked, for it could be rolled back afterwards. Where its account is none of *couriers* any more, a person
    is told.
    """
    work = work.own()  # whoever may buy a label may have it asked for
    label = await _read(work, id)
    if label is None or work.joined or (turn := label.turn) is None:
        return label
    due = label.ask_at
    if label.absent is None and (due is None or due > work.clock.now()):
        return label
    if (courier := couriers.get(label.account)) is None:
        return await work.write(PERMISSION, partial(steps.unask, label_id=id, operation_id=turn.id))
    await perform(work, LabelWish(courier, label, turn.id, work.clock), observe)
    return await _read(work, id)


async def due(unit: Unit, *, limit: int = 100) -> tuple[Label, ...]:
    """Labels that their couriers are to be asked about now, the longest waiting first."""
    until = sortable(unit.now + timedelta(microseconds=1))  # the index's range is half-open
    page = await unit[LABELS].where("ask", since="", until=until, limit=limit)
    return page.items


async def back(unit: Unit, couriers: Couriers, *, limit: int = 100) -> tuple[Label, ...]:
    """Labels that wait for one of *couriers* that was not there, and is now."""
    found: list[Label] = []
    for name in sorted(couriers):
        found += (await unit[LABELS].where("absent", equals={"absent": name}, limit=limit)).items
    return tuple(found[:limit])


async def _read(work: Work, id: LabelId) -> Label | None:
    async def find(unit: Unit) -> Label | None:
        return await unit[LABELS].find(id)

    return await work.read(find)
