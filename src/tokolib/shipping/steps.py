"""Delivery on an open unit: what the door `delivery` and the checkout do."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.conditions import Facts
from tokolib.conditions.putting import rule_faults, spelt
from tokolib.conditions.vocabularies import OF_ORDERS
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.explain import Reason
from tokolib.kernel.unit import Unit, every
from tokolib.shipping.errors import NoRate, UnknownMethod
from tokolib.shipping.events import MethodPut, MethodWithdrawn, RatesPut
from tokolib.shipping.model import (
    Consignment,
    DeliveryMethod,
    MethodCode,
    MethodKind,
    Offers,
    Rate,
    TableLoaded,
    Terms,
    method_code,
    sheet_id,
)
from tokolib.shipping.places import Destination, shelf, shelves
from tokolib.shipping.ports import DELIVERY_METHODS, RATE_SHEETS
from tokolib.shipping.rate import ask as ask_of
from tokolib.shipping.rate import offers as answers
from tokolib.shipping.rate import rate as answer
from tokolib.shipping.rate import tried
from tokolib.shipping.table import RateRow


async def put(unit: Unit, code: str, terms: Terms) -> DeliveryMethod:
    """Offer a method on *terms*; the same twice changes nothing.

    Raises:
        InvalidMethod: the code is no method's.
        InvalidInput: the conditions ask for what is never known of an order, or can never hold; every fault.
        CurrencyNotAccepted: the shop doesn't sell in the currency of the rates.
    """
    (await unit.settings()).money(terms.currency.code)
    id_ = method_code(code)
    terms = attrs.evolve(terms, conditions=spelt(terms.conditions, GOODS_KEYS))
    if faults := [*rule_faults("conditions", terms.conditions, OF_ORDERS)]:
        raise InvalidInput(tuple(faults))
    known = await unit[DELIVERY_METHODS].find(id_)
    if known is not None and known.active and known.terms == terms:
        return known
    return unit[DELIVERY_METHODS].record(known, MethodPut(id_, terms))


async def withdraw(unit: Unit, code: str) -> None:
    """Offer a method no longer; harmless when it isn't offered."""
    known = await unit[DELIVERY_METHODS].find(code.strip().lower())
    if known is not None and known.active:
        unit[DELIVERY_METHODS].record(known, MethodWithdrawn(known.id))


async def methods(unit: Unit) -> tuple[DeliveryMethod, ...]:
    """All methods that are offered, by code."""
    return await every(unit[DELIVERY_METHODS], "status", {"status": "active"})


async def load(unit: Unit, method: MethodCode, rows: Sequence[RateRow], *, dry_run: bool = False) -> TableLoaded:
    """Make *rows* the whole table of *method*. Shelves that stay the same are not written; the same twice is none."""
    wanted: dict[str, list[RateRow]] = {}
    for row in rows:
        wanted.setdefault(shelf(row.area), []).append(row)
    known = {sheet.shelf: sheet for sheet in await every(unit[RATE_SHEETS], "method", {"method": method})}
    changed = 0
    for name in sorted({*wanted, *known}):
        there = known.get(name)
        content = tuple(wanted.get(name, ()))
        if content == (there.rows if there else ()):
            continue
        changed += 1
        if not dry_run:
            unit[RATE_SHEETS].record(there, RatesPut(method, name, content))
    return TableLoaded(len(rows), len(wanted), changed, dry_run)


async def rate(unit: Unit, code: str, consignment: Consignment, facts: Facts) -> Rate:
    """What the method *code* asks for *consignment*.

    Raises:
        UnknownMethod: it isn't offered.
        NoRate, MissingWeight, OverMaxWeight: see `rate.rate`.
    """
    method = await active(unit, code)
    rows = await _rows(unit, (method,), consignment.destination)
    return answer(method, rows.get(method.id, ()), consignment, facts)


async def ask(
    unit: Unit, offered: Sequence[DeliveryMethod], consignment: Consignment, facts: Facts
) -> tuple[Rate | Reason, ...]:
    """What each of the methods *offered* asks for *consignment*, or why it doesn't serve it."""
    rows = await _rows(unit, offered, consignment.destination)
    return tuple(ask_of(method, rows.get(method.id, ()), consignment, facts) for method in offered)


async def at_hand(unit: Unit, offered: Sequence[DeliveryMethod], destination: Destination) -> None:
    """Read the rates of all methods *offered* in one go, so that each is asked without another read."""
    await _rows(unit, offered, destination)


async def offers(unit: Unit, consignment: Consignment, facts: Facts) -> Offers:
    """What all methods answer.

    Raises:
        NoRate: none of them serves it; each is named with its reason.
    """
    offered = await methods(unit)
    found = answers(offered, await _rows(unit, offered, consignment.destination), consignment, facts)
    if not found.rates:
        refused = tuple(tried(refusal) for refusal in found.refused)
        raise NoRate(str(consignment.destination), refused, consignment.currency.code)
    return found


async def active(unit: Unit, code: str) -> DeliveryMethod:
    """The method *code*, if it is offered.

    Raises:
        UnknownMethod: it isn't; those that are, are named.
    """
    method = await unit[DELIVERY_METHODS].find(code.strip().lower())
    if method is None or not method.active:
        raise UnknownMethod(code[:100], tuple(one.id for one in await methods(unit)))
    return method


async def _rows(
    unit: Unit, offered: Iterable[DeliveryMethod], destination: Destination
) -> Mapping[MethodCode, Sequence[RateRow]]:
    """The rates that may concern *destination*, by method, read in one go."""
    tables = [method.id for method in offered if method.terms.kind is MethodKind.TABLE]
    names = tuple(shelves(destination))
    ids = [sheet_id(method, name) for method in tables for name in names]
    sheets = await unit[RATE_SHEETS].get_many(ids) if ids else {}
    rows: dict[MethodCode, list[RateRow]] = {}
    for id_ in ids:
        if id_ in sheets:
            rows.setdefault(sheets[id_].method, []).extend(sheets[id_].rows)
    return rows
