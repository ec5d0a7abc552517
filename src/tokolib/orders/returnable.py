"""Which rule of a return policy holds for a line: told when the line is agreed, so that no new category changes it."""

from collections.abc import Iterable

from tokolib.checkout.grounds import LineGrounds
from tokolib.checkout.lines import QuoteLine
from tokolib.kernel.return_policy import ReturnPolicy
from tokolib.orders.lines import OrderLine


def frozen(policy: ReturnPolicy) -> ReturnPolicy | None:
    """*policy* as an order keeps it: one that says nothing isn't kept."""
    return None if policy == ReturnPolicy() else policy


def order_lines(
    lines: Iterable[QuoteLine], grounds: Iterable[LineGrounds], policy: ReturnPolicy | None
) -> tuple[OrderLine, ...]:
    """*lines* as those of an order that is under *policy*; *grounds* tell what goods each was, then."""
    if policy is None:
        return tuple([OrderLine(line, sources=line.sources, awaited=line.awaited) for line in lines])
    return tuple(_line(line, own, policy) for line, own in zip(lines, grounds, strict=True))


def _line(line: QuoteLine, goods: LineGrounds, policy: ReturnPolicy) -> OrderLine:
    outside = tuple(law.code for law in policy.laws if not law.extends_to(goods.categories, goods.tags))
    rule = policy.rule_for(goods.categories, goods.tags)
    return OrderLine(line, sources=line.sources, awaited=line.awaited, return_rule=rule, outside_laws=outside)
