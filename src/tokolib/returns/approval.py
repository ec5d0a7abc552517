"""Refunds above a limit, which somebody else than who asked for the return has to approve; on an open unit."""

from tokolib.kernel.money import Money
from tokolib.kernel.return_limit import limit_of
from tokolib.kernel.unit import Unit
from tokolib.returns.events import ReturnApproved
from tokolib.returns.judging import by_staff
from tokolib.returns.lifecycle import check
from tokolib.returns.model import Approval, Disposition, Return
from tokolib.returns.ports import RETURNS
from tokolib.returns.refusals import ApproverRequested, ReturnApprovalNeeded


async def approve(unit: Unit, return_id: str) -> Return:
    """The return, whose refund whoever acts lets go; one that was approved before stays as it is.

    Raises:
        NotFound: there is no such return. IllegalReturnTransition: it has ended.
        OnlyByStaff: a customer acts. ApproverRequested: whoever acts has asked for it. Nothing was changed.
    """
    goods = await unit[RETURNS].get(return_id)
    by = by_staff(unit, "approve a return")
    if goods.approval is not None:
        return goods
    check(goods, ReturnApproved)
    if by == goods.requested_by:
        raise ApproverRequested(goods.id, by)
    return unit[RETURNS].record(goods, ReturnApproved(Approval(by, unit.now)))


async def check_approved(unit: Unit, goods: Return, refund: Money) -> None:
    """Pass when so much may go back for *goods*; for what never arrived it may, whatever the limit.

    Raises:
        ReturnApprovalNeeded: it is above the shop's limit, and nobody has approved it.
    """
    limit = limit_of((await unit.settings()).return_limit, refund)
    came = any(line.disposition is not Disposition.UNDELIVERED for line in goods.lines)
    if limit is None or refund <= limit or goods.approval is not None or not came:
        return
    raise ReturnApprovalNeeded(goods.order_id, refund, limit)
