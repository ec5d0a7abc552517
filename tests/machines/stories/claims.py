"""Stories of claims: opened, shown, and decided every way."""

from datetime import timedelta

from stories.stand import leaving
from tokolib import IDR
from tokolib.returns import Evidence
from tokolib.returns.claims import ClaimKind, ClaimRemedy, ClaimState
from tokolib.returns.exchanges import ExchangeState


def opened(at, remedy=ClaimRemedy.REFUND, **options):
    """A customer got something broken."""
    order, shipment = at.shipped(2)
    at.shop.shipments.delivered(shipment)
    wish = {"kind": ClaimKind.DAMAGED, "remedy": remedy, "reason": "torn open"} | options
    return at.shop.claims.open(order, {"KOPI-250": 1}, **wish)


def replaced(at, **options):
    return opened(at, ClaimRemedy.REPLACEMENT, until=at.clock.now() + timedelta(days=7), **options)


@leaving("claim", ClaimState.OPENED)
def an_opened_claim(at):
    made = opened(at)
    return lambda: at.shop.claims.get(made.id).state, lambda: at.shop.claims.approve(made)


def claims_are_settled(at):
    """Each remedy with its goods and without; each end; and a supplier who owes for it."""
    claims = at.shop.claims
    done = claims.approve(claims.show(opened(at), [Evidence("photo-1")]))
    claims.recharge(done, IDR(50_000), owed_by="supplier:gayo")
    claims.approve(opened(at, goods_back=True))
    claims.approve(opened(at, ClaimRemedy.ALLOWANCE, amount=IDR(5_000)))
    claims.approve(replaced(at))
    claims.approve(replaced(at, goods_back=True))
    claims.reject(replaced(at), note="worn")
    claims.withdraw(replaced(at), reason="found it")
    held = replaced(at)
    assert at.shop.exchanges.get(held.exchange_id).state is ExchangeState.REQUESTED
