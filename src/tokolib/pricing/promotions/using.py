"""Uses of promotions on an open unit: reserved with the order, and given back when it dies."""

from collections.abc import Iterable, Mapping, Sequence

from tokolib.kernel.asks import Value
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rows import Entry, Page
from tokolib.kernel.storage_errors import Refused, StorageError
from tokolib.kernel.unit import Unit
from tokolib.pricing.coupon_errors import CouponExhausted, CouponNeedsCustomer
from tokolib.pricing.errors import (
    CampaignBudgetSpent,
    LimitReached,
    OrderNumberTaken,
    PromotionExhausted,
    PromotionUnitsExhausted,
)
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.uses import COUNTED, LEDGER, NOTED, Claim, Counted, claims, limited


async def reserve_uses(
    unit: Unit, uses: Sequence[PromotionUse], customer: str, order_id: str, currency: Currency
) -> None:
    """Reserve what an order uses, once, however often it is asked; the units of racing orders lock in one order.

    Every use becomes an entry of the ledger `uses` that bears the order's id; limited ones also raise their
    counter, which refuses beyond its limit, at commit where two race. What was given back before, by an order
    that expired and is paid late, is reserved anew. *currency* is the order's, in which its budgets are kept.

    Raises:
        LimitReached: a limit is reached already; the subclass says which.
        CouponNeedsCustomer: uses are limited for each customer, and *customer* is empty.
            In both cases nothing was recorded.
    """
    _check_customer(uses, customer)
    past = await _past(unit, order_id)
    wanted = [
        claim for claim in claims(uses, customer) if sum(entry.amount for entry in past.get(claim.account, ())) <= 0
    ]
    accounts = [claim.account for claim in limited(wanted)]
    counts = await unit.read(*map(Value, accounts))
    _check_limits(limited(wanted), dict(zip(accounts, counts, strict=True)), currency)
    _reserve(unit, order_id, [(claim, len(past.get(claim.account, ()))) for claim in wanted])


def check_uses(
    uses: Sequence[PromotionUse],
    wanted: Iterable[Claim],
    customer: str,
    counted: Mapping[str, int],
    currency: Currency,
) -> None:
    """Pass when *uses*, which come to the claims *wanted*, are still to be had, as the counters say now.

    Raises:
        LimitReached, CouponNeedsCustomer: they aren't.
    """
    _check_customer(uses, customer)
    _check_limits(limited(wanted), counted, currency)


def take_uses(unit: Unit, wanted: Iterable[Claim], order_id: str) -> None:
    """Reserve what a new order uses, which has just been priced or checked; nothing is read."""
    _reserve(unit, order_id, [(claim, 0) for claim in wanted])


def _check_customer(uses: Sequence[PromotionUse], customer: str) -> None:
    for use in uses:
        if not customer and (use.per_customer is not None or use.code_per_customer is not None):
            raise CouponNeedsCustomer(use.code or use.promotion_id)


def _check_limits(wanted: Iterable[Claim], counted: Mapping[str, int], currency: Currency) -> None:
    for claim in wanted:
        used = counted[claim.account]
        if claim.limit is not None and used + claim.amount > claim.limit:
            raise refusal(claim, claim.limit, used, currency)


def _reserve(unit: Unit, order_id: str, wanted: Sequence[tuple[Claim, int]]) -> None:
    """Raise the counters of claims that have limits, and enter every claim as its how-manieth turn."""
    for claim, _ in wanted:
        if claim.limit is not None:
            unit.count(claim.account, claim.amount, floor=0, ceiling=claim.limit)
    if wanted:
        kinds = [NOTED if claim.limit is None else COUNTED for claim, _ in wanted]
        made = zip(wanted, kinds, strict=True)
        unit.post(
            LEDGER, [_entry(unit, order_id, claim.account, claim.amount, kind, turn) for (claim, turn), kind in made]
        )


async def release_uses(unit: Unit, order_id: str) -> None:
    """Give back what an order has reserved, once, however often it is asked; what it never used stays as it is."""
    past = await _past(unit, order_id)
    for account, entries in sorted(past.items()):
        reserved = sum(entry.amount for entry in entries)
        if reserved <= 0:
            continue
        if entries[-1].kind == COUNTED:
            unit.count(account, -reserved, floor=0)
        unit.post(LEDGER, [_entry(unit, order_id, account, -reserved, entries[-1].kind, len(entries))])


async def _past(unit: Unit, order_id: str) -> dict[str, list[Entry]]:
    """The order's entries so far by account, in the order in which they were made."""
    found: dict[str, list[Entry]] = {}
    after: str | None = None
    while True:
        page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, refers_to=order_id, after=after))
        for entry in page.items:
            found.setdefault(entry.account, []).append(entry)
        if (after := page.after) is None:
            return found


def _entry(unit: Unit, order_id: str, account: str, amount: int, kind: str, turn: int) -> Entry:
    """An entry whose id is its meaning and its turn, so that of two racing ones the second is refused."""
    batch = f"{order_id}.uses.{turn:04}"
    return Entry(f"{batch}.{account}", batch, account, amount, "use", kind, order_id, unit.now)


def named_refusal(error: StorageError, wanted: Iterable[Claim], currency: Currency) -> TokolibError:
    """What it means that the storage refuses, at commit, a counter of the claims *wanted*; any other error stays."""
    if isinstance(error, Refused) and error.write == "count":
        for claim in limited(wanted):
            if claim.limit is not None and claim.account == error.name:
                return refusal(claim, claim.limit, claim.limit - error.available, currency)
    return error


def refusal(claim: Claim, limit: int, used: int, currency: Currency) -> LimitReached:
    """The error for a *claim* that its counter, which says *used*, has no room for."""
    left, own = max(0, limit - used), bool(claim.whose)
    match claim.of:
        case Counted.COUPON:
            return CouponExhausted(claim.subject, limit, own)
        case Counted.PROMOTION:
            return PromotionExhausted(claim.subject, limit, own)
        case Counted.UNITS:
            return PromotionUnitsExhausted(claim.subject, limit, left, claim.amount, own)
        case Counted.BUDGET:
            amounts = [Money(amount, currency) for amount in (limit, left, claim.amount)]
            return CampaignBudgetSpent(claim.subject, claim.whose, *amounts)
        case Counted.ORDERS:
            return OrderNumberTaken(claim.subject, limit, used)
