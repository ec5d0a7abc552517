"""Payments, tax filings, labels there and back and pickups that wait for somebody outside, asked about again."""

from collections.abc import Mapping, Sequence
from typing import Any

from tokolib.desk.booked import BOOKED
from tokolib.desk.ticking.turn import Turn
from tokolib.documents.filing.advance import TaxProviders
from tokolib.documents.filing.advance import advance as tell
from tokolib.documents.filing.advance import back as unfiled_before
from tokolib.documents.filing.advance import due as unfiled
from tokolib.effects.model import EffectKind
from tokolib.fulfilment.bookings.advance import Calls, Couriers
from tokolib.fulfilment.bookings.advance import advance as ask_courier
from tokolib.fulfilment.bookings.advance import back as unbooked_before
from tokolib.fulfilment.bookings.advance import due as unbooked
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.kernel.ids import FilingId
from tokolib.kernel.unit import Unit
from tokolib.payments.advance import advance
from tokolib.payments.claims import back, due
from tokolib.payments.ports import Gateways


async def ask_gateways(turn: Turn, gateways: Gateways) -> int:
    """Of how many payments a gateway was asked, whatever it said."""

    async def waiting(unit: Unit) -> tuple[str, ...]:
        found = (*await back(unit, gateways, limit=turn.budget), *await due(unit, limit=turn.budget))
        return tuple(dict.fromkeys(intent.id for intent in found))[: turn.budget]

    async def ask(id: str) -> object:
        return await advance(turn.work, gateways, id, turn.observe)

    return await turn.each("payment", await turn.work.read(waiting), ask, hinders=Exception)


async def ask_tax_providers(turn: Turn, taxes: TaxProviders) -> int:
    """Of how many invoices a tax provider was told, whatever it said."""

    async def waiting(unit: Unit) -> tuple[tuple[FilingId, str], ...]:
        found = (*await unfiled_before(unit, taxes, limit=turn.budget), *await unfiled(unit, limit=turn.budget))
        return tuple(dict.fromkeys((filing.id, filing.provider) for filing in found))[: turn.budget]

    async def file(of: tuple[FilingId, str]) -> bool:
        id, provider = of
        await tell(turn.work, taxes, id, turn.observe)
        if provider not in taxes:
            turn.failures.append(f"tax filing {id}: this shop has no tax provider {provider!r} any more")
        return provider in taxes

    return await turn.each("tax filing", await turn.work.read(waiting), file, hinders=Exception)


async def ask_couriers(turn: Turn, couriers: Couriers) -> Mapping[EffectKind, int]:
    """Of how many labels, return labels and pickups, by what is wished for, a courier was asked, whatever it said."""

    async def waiting(unit: Unit) -> Sequence[Sequence[tuple[str, str]]]:
        return [await _unbooked(unit, calls.bookable, couriers, turn.budget) for calls in BOOKED]

    found = zip(BOOKED, await turn.work.read(waiting), strict=True)
    return {calls.bookable.buying: await _ask_for(turn, couriers, calls, each) for calls, each in found}


async def _unbooked(unit: Unit, bookable: Bookable[Any], couriers: Couriers, budget: int) -> Sequence[tuple[str, str]]:
    """The ids and accounts of those that couriers are to be asked about."""
    found = (
        *await unbooked_before(unit, bookable, couriers, limit=budget),
        *await unbooked(unit, bookable, limit=budget),
    )
    return tuple(dict.fromkeys((booking.id, booking.account) for booking in found))[:budget]


async def _ask_for(turn: Turn, couriers: Couriers, calls: Calls[Any], waiting: Sequence[tuple[str, str]]) -> int:
    noun = calls.bookable.noun

    async def ask(of: tuple[str, str]) -> bool:
        id, account = of
        await ask_courier(turn.work, couriers, calls, id, turn.observe)
        if account not in couriers:
            turn.failures.append(f"{noun} {id}: this shop has no courier account {account!r} any more")
        return account in couriers

    return await turn.each(noun, waiting, ask, hinders=Exception)
