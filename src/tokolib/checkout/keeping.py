"""What a bargain is kept with: the facts, prices, taxes and offers that it was settled by, so that it can be explained,
and priced again.
"""

from datetime import datetime
from typing import Final

from tokolib.checkout.grounds import ChargeGrounds, Grounds, LineGrounds, TaxGrounds
from tokolib.checkout.model import Wishes
from tokolib.checkout.settling import Settled
from tokolib.checkout.table import Table
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.policies import AcrossBorders
from tokolib.pricing.kits import KitBy
from tokolib.pricing.priced import Priced, PricedLine
from tokolib.pricing.promotions.model import budget_key
from tokolib.pricing.promotions.offers import Offers
from tokolib.shipping.model import Rate

OWN_FACTS: Final = ("currency", "coupon")
"""Facts that pricing says itself: they are not kept twice."""


def grounds_of(table: Table, settled: Settled, wishes: Wishes) -> Grounds:
    """What the figures that were *settled* on the *table* rest on."""
    priced, settings, offers = settled.priced, table.settings, settled.offers
    classes = {each.line.tax_class for each in priced.lines} | {each.charge.tax_class for each in priced.charges}
    classes.update(part.tax_class for each in priced.charges for part in each.parts)
    classes.update(share.tax_class for each in priced.lines for share in each.shares)
    names, tax = sorted(classes), table.tax(wishes)
    net = settings.policies.across_borders is AcrossBorders.NET
    told = {name: value for name, value in table.facts(wishes).items() if name not in OWN_FACTS}
    return Grounds(
        lines=tuple([_of_line(each, _until(each, table)) for each in priced.lines]),
        charges=tuple([ChargeGrounds(each.charge.because) for each in priced.charges]),
        taxes=tuple([TaxGrounds(name, tax(name)) for name in names]),
        home_taxes=tuple([TaxGrounds(name, table.home_tax(name)) for name in names]) if net else (),
        granted=priced.granted,
        lost=priced.lost,
        delivery=None if settled.rate is None else _of_delivery(settled.rate),
        prices_include_tax=priced.includes_tax,
        facts=tuple(sorted(told.items())),
        combinations=settings.limits.combinations,
        tax_rounding=settings.tax_rounding,
        used=_used(priced, offers) if offers.used else (),
        versions=_versions(priced, offers),
        withheld=tuple(sorted(set(offers.withheld))),
        estimate=None if table.provided is None else table.provided.kept,
    )


def _of_delivery(rate: Rate) -> Reason:
    return reason("checkout.delivery", None, rate.reason, method=rate.method)


def _until(priced: PricedLine, table: Table) -> datetime | None:
    """When a rate is too old by which the price of a line follows, or those that the shares of a kit go by."""
    book, zone = table.book, table.settings.zone
    if not book.by_id:  # no list follows another
        return None
    own, line = priced.choice.list_id, priced.line
    ends = [] if own is None else [book.outdated_from(book.by_id[own], line.key, zone)]
    if priced.kit_by is KitBy.LIST_PRICE:
        ends += [book.outdated_from(each, part.key, zone) for each in book.lists for part in line.parts]
    return min((end for end in ends if end is not None), default=None)


def _of_line(priced: PricedLine, until: datetime | None) -> LineGrounds:
    choice, line = priced.choice, priced.line
    return LineGrounds(
        choice.list_name,
        choice.tier,
        choice.lost,
        choice.bands,
        choice.how,
        priced.kit_by,
        choice.includes_tax,
        line.categories,
        line.tags,
        line.attributes,
        choice.minimum,
        until,
    )


def _versions(priced: Priced, offers: Offers) -> tuple[tuple[str, int], ...]:
    """The promotions that won or lost, with their versions: what was changed in the same instant was changed later."""
    given = {each.id: each.version for each in offers.given}
    named = {each.promotion_id for each in priced.granted} | {each.promotion_id for each in priced.lost}
    found = ((id, given.get(id, offers.rules.versions.get(id))) for id in sorted(named))
    return tuple([(id, version) for id, version in found if version is not None])


def _used(priced: Priced, offers: Offers) -> tuple[tuple[str, int], ...]:
    """The counters, none of them zero, of the promotions that won or lost, and of their coupons and campaigns."""
    named = {each.promotion_id for each in priced.granted} | {each.promotion_id for each in priced.lost}
    about: set[str] = {*named, *(coupon.code for coupon in offers.coupons)}
    for promotion in (*offers.rules.limited, *offers.given):
        if promotion.id in named:
            about.update(budget_key(budget.campaign, "") for budget in promotion.terms.budgets)
    return tuple(sorted((name, count) for name, count in offers.used.items() if count and _subject(name) in about))


def _subject(counter: str) -> str:
    """The promotion, code or campaign that a counter is about: `units:prm_flash:cus_1` is about `prm_flash`."""
    return counter.split(":", 2)[1]
