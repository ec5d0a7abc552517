"""What may be chosen for a cart: every delivery and every tender, allowed or refused, with the reason and the price.

An option is priced as the quote would be that chooses it, so what it says is what the quote says.
"""

from collections.abc import Sequence

import attrs

from tokolib.cart.model import Cart
from tokolib.catalog.steps import offer
from tokolib.checkout.model import Wishes
from tokolib.checkout.providing import Provided
from tokolib.checkout.settling import Settled, settle
from tokolib.checkout.table import Table, laid
from tokolib.checkout.wording import explained
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CaptureMoment
from tokolib.kernel.unit import Unit
from tokolib.payments.accepting.model import RiskLevel
from tokolib.payments.errors import TenderRefused
from tokolib.payments.plans.model import PlanOffer
from tokolib.payments.plans.offering import PlanOption
from tokolib.payments.plans.offering import options as plan_options
from tokolib.payments.plans.steps import offers
from tokolib.payments.ports import Can, Gateways, can
from tokolib.payments.tenders import COD, OFFERED, Settlement, tender
from tokolib.pricing.model import ChargeKind
from tokolib.shipping.model import DeliveryMethod, Rate
from tokolib.shipping.places import Destination
from tokolib.shipping.steps import at_hand, methods


@attrs.frozen
class DeliveryOption:
    """A way to send the goods."""

    code: str
    name: str
    """What a customer reads."""
    allowed: bool
    reason: Reason
    """Where its rate comes from, or why it can't be had."""
    rate: Rate | None = None
    """What the method asks, and how long it takes; None where it is refused."""
    amount: Money | None = None
    """What the customer pays for it, after promotions."""
    total: Money | None = None
    """What the customer pays in all."""

    def explain(self, locale: str = "en") -> str:
        """The reason in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return explained(self.reason, locale)


@attrs.frozen
class TenderOption:
    """A way to pay."""

    tender: str
    allowed: bool
    reason: Reason
    """That it is accepted, with marks of risk where there are any; or why it isn't."""
    risk: RiskLevel = RiskLevel.ALLOW
    fees: Money | None = None
    """All that is asked beside goods and delivery; None where it is refused."""
    total: Money | None = None
    """What the customer pays in all, with the delivery that was chosen."""
    plans: tuple[PlanOption, ...] = ()
    """The payment plans that may be had with it, with what is due when, and after them those that may not."""

    def explain(self, locale: str = "en") -> str:
        """The reason in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return explained(self.reason, locale)


@attrs.frozen
class CartOptions:
    """What may be chosen now: what is allowed comes first, the cheapest at the top."""

    deliveries: tuple[DeliveryOption, ...]
    tenders: tuple[TenderOption, ...]
    missing: tuple[Reason, ...]
    """What isn't known or chosen yet, or stands in the way whatever is chosen: until then totals are without it."""

    def explain(self, locale: str = "en") -> str:
        """What is missing, and every option with its reason, in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        of_options = (*(each.reason for each in self.deliveries), *(each.reason for each in self.tenders))
        of_plans = (plan.reason for each in self.tenders for plan in each.plans if plan.allowed)
        reasons = (*self.missing, *of_options, *dict.fromkeys(of_plans))
        return "\n".join(explained(each, locale) for each in reasons)


async def options_of(
    unit: Unit, cart: Cart, wishes: Wishes, gateways: Gateways, provided: Provided | None
) -> CartOptions:
    """What may be chosen for *cart* beside what is wished already; goods that can't be sold are left out.

    Ways to pay are people's and all *gateways*: one that can't reserve money is refused where it is captured as goods
    leave.

    Taxes that are to be worked out by whoever is *provided* are in no total: nobody is asked for an option.
    """
    settings = await unit.settings()
    settings.money(cart.currency)
    tenders = (*OFFERED, *sorted(gateways))
    found = await offer(unit, (line.sku for line in cart.lines))
    held = attrs.evolve(cart, lines=tuple(line for line in cart.lines if line.key in found.sellables))
    offered = await methods(unit)
    table = (await laid(unit, held, found.sellables, wishes, offered)).taxed_by(provided, wishes)
    for place in dict.fromkeys(filter(None, (wishes.ship_to, wishes.goes_to))):
        await at_hand(unit, offered, Destination.of(place))
    unsold = (*found.unknown, *(sku for sku, _ in found.not_for_sale))
    missing = [reason("checkout.not_for_sale", skus=", ".join(unsold))] if unsold else []
    if not held.lines:
        nothing = reason("checkout.no_lines")
        return CartOptions(
            tuple(_refused(each, nothing) for each in offered),
            tuple(TenderOption(each, allowed=False, reason=nothing) for each in tenders),
            (nothing, *missing),
        )
    deliveries = [await _delivery(unit, table, wishes, each) for each in offered]
    chosen = _chosen(wishes, offered)
    missing += await _missing(unit, table, wishes, chosen)
    plans = tuple(each for each in await offers(unit) if each.terms.offered)
    reserves = settings.policies.capture is CaptureMoment.AT_HAND_OVER
    unable = {each for each in gateways if reserves and not can(gateways, each, Can.AUTHORISE)}
    ways = [
        TenderOption(each, allowed=False, reason=reason("payments.tender_cannot_reserve", tender=each))
        if each in unable
        else await _tender(unit, table, attrs.evolve(wishes, tender=each), chosen, plans)
        for each in tenders
    ]
    return CartOptions(
        tuple(sorted(deliveries, key=lambda each: (not each.allowed, _price(each), each.code))),
        tuple(sorted(ways, key=lambda each: (not each.allowed, _price(each), each.tender))),
        tuple(missing),
    )


def _price(option: DeliveryOption | TenderOption) -> int:
    return 0 if option.total is None else option.total.minor_units


def _chosen(wishes: Wishes, offered: Sequence[DeliveryMethod]) -> DeliveryMethod | None:
    code = wishes.delivery.strip().lower()
    return next((each for each in offered if each.id == code), None) if wishes.ship_to is not None else None


async def _missing(unit: Unit, table: Table, wishes: Wishes, chosen: DeliveryMethod | None) -> list[Reason]:
    settled = await settle(unit, table, wishes, chosen)
    unpriced = sorted({sku for each in settled.priced.problems if each.blocking for sku in each.skus})
    found = [reason("checkout.no_prices", skus=", ".join(unpriced))] if unpriced else []
    travels = any(not settled.sold[line.key].digital for line in settled.held.lines)
    if travels and wishes.ship_to is None:
        found.append(reason("checkout.no_address"))
    if travels and chosen is None:
        found.append(reason("checkout.no_delivery_chosen"))
    if table.provided is not None:
        found.append(reason("checkout.taxes_to_be_asked", provider=table.provided.name))
    return found + [each.because for each in settled.hindrances if not isinstance(each.error, TenderRefused)]


def _refused(method: DeliveryMethod, because: Reason) -> DeliveryOption:
    return DeliveryOption(method.id, method.name, allowed=False, reason=because)


async def _delivery(unit: Unit, table: Table, wishes: Wishes, method: DeliveryMethod) -> DeliveryOption:
    if wishes.ship_to is None:
        return _refused(method, reason("checkout.no_address"))
    point = wishes.point if method.terms.points_of else None  # one to the door isn't refused for what another needs
    settled = await settle(unit, table, attrs.evolve(wishes, delivery=method.id, point=point), method)
    for hindrance in settled.hindrances:
        if not isinstance(hindrance.error, TenderRefused):
            return _refused(method, hindrance.because)
    total = Money(settled.priced.total, table.money)
    if wishes.tender == COD.name and (no := settled.uncollected):
        return _refused(method, no.because)
    rate = settled.rate
    because = reason("checkout.delivery", None, *((rate.reason,) if rate else ()), method=method.id)
    return DeliveryOption(method.id, method.name, True, because, rate, _shipping(table, settled), total)


async def _tender(
    unit: Unit, table: Table, wishes: Wishes, method: DeliveryMethod | None, plans: Sequence[PlanOffer]
) -> TenderOption:
    settled = await settle(unit, table, wishes, method)
    total, risk = Money(settled.priced.total, table.money), table.acceptance.risk(wishes.tender, settled.facts)
    for hindrance in settled.hindrances:
        if isinstance(hindrance.error, TenderRefused):
            return TenderOption(wishes.tender, allowed=False, reason=hindrance.because, risk=risk.level)
    because = reason("payments.tender", total, *risk.because, tender=wishes.tender)
    fees = total - Money(sum(line.total for line in settled.priced.lines), table.money) - _shipping(table, settled)
    return TenderOption(
        wishes.tender, True, because, risk.level, fees, total, _plans(table, wishes.tender, total, plans)
    )


def _plans(table: Table, name: str, total: Money, plans: Sequence[PlanOffer]) -> tuple[PlanOption, ...]:
    """The payment plans for *total*, paid by the tender of that *name*."""
    way = tender(name, (name,))
    at_hand_over = table.settings.policies.capture is CaptureMoment.AT_HAND_OVER
    reserves = at_hand_over and way.settlement is Settlement.BY_GATEWAY
    return plan_options(plans, total, way, reserves=reserves, on=table.today, zone=table.settings.zone)


def _shipping(table: Table, settled: Settled) -> Money:
    """What the customer pays for delivery, stated charges for it included."""
    sent = (each.total for each in settled.priced.charges if each.charge.kind is ChargeKind.SHIPPING)
    return Money(sum(sent), table.money)
