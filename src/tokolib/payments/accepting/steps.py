"""A shop's word on its tenders on an open unit."""

from collections.abc import Collection

from tokolib.kernel.unit import Unit
from tokolib.payments.accepting.decide import put_tender
from tokolib.payments.accepting.model import TenderPolicy, TenderTerms
from tokolib.payments.accepting.ports import TENDERS
from tokolib.payments.accepting.verdict import Acceptance


async def acceptance(unit: Unit) -> Acceptance:
    """The shop's word on all tenders, made ready."""
    return await unit[TENDERS].derived("by_id", {}, Acceptance)


async def keep_tender(unit: Unit, name: str, terms: TenderTerms, gateways: Collection[str]) -> TenderPolicy:
    """Accept a tender on *terms*; the same again changes nothing.

    Raises:
        UnknownTender, InvalidInput: see `decide.put_tender`.
    """
    held = await unit[TENDERS].find(name)
    events = put_tender(held, name, terms, gateways=gateways, settings=await unit.settings())
    return held if held is not None and not events else unit[TENDERS].record(held, *events)
