"""Claims: C3 of what makes up for them."""

from typing import Final

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.orders.events import AllowanceGranted
from tokolib.returns.claims.model import Claim, ClaimRemedy, ClaimState
from tokolib.returns.exchanges.model import Exchange, ExchangeState
from tokolib.returns.model import Return, ReturnState

RESTORE: Final = "restore the rows of the claim and of its order from a backup"


def say_allowances(replayed: Replayed, granted: Tally) -> None:
    """C3: what an order has allowed for claims."""
    for step in replayed.steps:
        match step.recorded.event:
            case AllowanceGranted(amount=amount, reason=reason) if reason.startswith("claim clm_"):
                granted.said(f"allowance for {reason}", f"of {amount}")
            case _:
                pass


def check_claim(claim: Claim, back: Return | None, exchange: Exchange | None, granted: Tally, found: Findings) -> None:
    """C3: the return, the exchange or the allowance of a claim is there when it was approved, and else not done."""
    found.saw("claims")
    row, approved = f"claim {claim.id}", claim.state is ClaimState.APPROVED
    match claim.remedy:
        case ClaimRemedy.ALLOWANCE:
            if approved and claim.amount is not None:
                granted.found(f"allowance for {row}", f"of {claim.amount.minor_units}")
        case ClaimRemedy.REFUND:
            there = back is not None and back.order_id == claim.order_id
            found.expect(
                approved == there, "C3", row, f"is {claim.state}, and its return is {claim.return_id}", RESTORE
            )
            if back is not None and not claim.goods_back:
                paid = back.state is ReturnState.ACCEPTED
                found.expect(paid, "C3", row, f"is {claim.state}, and its return {back.state}", RESTORE)
        case ClaimRemedy.REPLACEMENT:
            stands = None if exchange is None else exchange.state
            told = f"is {claim.state}, and its exchange {stands}"
            found.expect(_fits(claim, stands), "C3", row, told, RESTORE)


def _fits(claim: Claim, stands: ExchangeState | None) -> bool:
    """Whether the exchange of a claim may stand so: staff may also settle it by itself."""
    if stands is None:
        return False
    if claim.state is ClaimState.APPROVED and not claim.goods_back:
        return stands is ExchangeState.COMPLETED
    ended = claim.state in (ClaimState.REJECTED, ClaimState.WITHDRAWN)
    return not ended or stands not in (ExchangeState.REQUESTED, ExchangeState.AUTHORISED)
