"""Making a quote of a cart, and taking it at its word when an order is made of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from tokolib.cart.facts import price_lines
from tokolib.cart.lifecycle import check
from tokolib.cart.model import Cart
from tokolib.cart.ports import CARTS
from tokolib.catalog.steps import sellables
from tokolib.checkout.agreement import Difference, agreed, differences, later, no_later
from tokolib.checkout.bargaining import check_wishes, strike
from tokolib.checkout.confirming import confirm, unconfirmed
from tokolib.checkout.errors import QuoteChanged, QuoteExpired
from tokolib.checkout.events import QuoteMade
from tokolib.checkout.model import Bargain, Promised, Quote, Wishes
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.promising import next_change, retaxed
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.refusing import cod_refusal, keys_refusal, tender_refusal
from tokolib.checkout.settling import standings
from tokolib.checkout.sourcing import Sourced, places_asked, resources_asked, still_sourced
from tokolib.checkout.table import laid
from tokolib.checkout.wanted import Wanted
from tokolib.checkout.wished import as_quoted, rewished
from tokolib.inventory.availability import Supply
from tokolib.kernel.asks import Levels, Value
from tokolib.kernel.ids import CartId, QuoteId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import PlacementPolicy
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.payments.accepting.steps import acceptance
from tokolib.payments.tenders import COD
from tokolib.pricing.charges.facts import order_facts
from tokolib.pricing.errors import NoPrice
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.steps import with_limits
from tokolib.pricing.promotions.uses import claims, limited
from tokolib.pricing.promotions.using import check_uses
from tokolib.tax.kept import TaxFact


async def make(unit: Unit, cart_id: CartId, wishes: Wishes, provided: Provided | None = None) -> Quote:
    """A new quote for a cart, stored.

    Raises:
        IllegalCartTransition: it was ordered already, has expired, or was merged.
        EmptyCart, AddressNeeded, UnknownSku, NotForSale, NoPrice, CouponRefused: it can't be sold as it is.
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location.
        NoRate: nothing delivers there. In all cases nothing was stored.
        Unestimated: its taxes are to be worked out by whoever is *provided*.
    """
    bargain, _ = await compute(unit, cart_id, wishes, provided)
    quote = _quoted(bargain, QuoteId(unit.new_id("quo")), cart_id, unit.now, await unit.settings())
    announced = QuoteMade(quote.id, quote.cart_id, quote.hash, quote.total.minor_units)
    return unit[QUOTES].keep(quote, announced)


def _quoted(bargain: Bargain, id: QuoteId, cart_id: CartId, now: datetime, settings: Settings) -> Quote:
    """*bargain* as a quote, with the term and the hash that it has by *settings*."""
    return Quote(
        id=id,
        version=1,
        cart_id=cart_id,
        made_at=now,
        valid_until=_valid_until(now, settings, bargain.wishes),
        hash=_hash_of(bargain),
        **{field.name: getattr(bargain, field.name) for field in attrs.fields(Bargain)},
    )


async def compute(
    unit: Unit, cart_id: CartId, wishes: Wishes, provided: Provided | None
) -> tuple[Bargain, tuple[Supply, ...]]:
    """The bargain that a cart gets now, and the stock that is there for it; nothing is stored."""
    cart = await unit[CARTS].get(cart_id)
    check(cart, "carts.quote", needs="orders.place")
    check_wishes(cart.lines, wishes, cart.id)
    sold = await sellables(unit, [line.sku for line in cart.lines])
    return await strike(unit, cart, sold, wishes, provided)


def _valid_until(now: datetime, settings: Settings, wishes: Wishes) -> datetime:
    """As long as the shop promises, but never into a day on which a tax rule, the seller's status or a certificate of
    the buyer changes.
    """
    until = now + timedelta(minutes=settings.quote_minutes)
    change = next_change(now, settings, wishes)
    return until if change is None else min(until, change)


async def accepted(
    unit: Unit, wanted: QuoteId | Promised, tender: str, provided: Provided | None = None
) -> tuple[Quote, tuple[Supply, ...]]:
    """The stored quote, checked anew as the shop's policy says, so that an order paid by *tender* can be made of it.
    And its stock.

    A quote that names another tender has changed; so has one that names none, where *tender* makes another price. What
    the new total would be is told where prices are computed anew.

    Where prices are frozen, the goods and coupons must still be the cart's. Those of a quote that was promised are
    frozen whatever the policy, up to the term of the promise, and what its cart has become meanwhile is nothing to it;
    only taxes that are others by now change it.
    The order belongs to whom the cart belongs to now, its coupons count against the limits that hold now, and its
    taxes belong to the day of placing: no tax rule changes while a quote is valid. Taxes that somebody outside worked
    out are those that the quote keeps, if it still asks the same. Where the term of what came from outside is over (an
    answer about taxes, an exchange rate), the quote has changed. What somebody said in the place of whoever is
    *provided* is to be confirmed first where the policy is to ask again, whatever its term.

    Raises:
        QuoteExpired, QuoteChanged: the customer has to agree again.
        TenderRefused: the shop doesn't accept the tender for it.
        OutOfStock: naming everything that is short. LimitReached: somebody was faster.
        IllegalCartTransition: an order was made of the cart already. In all cases nothing was stored.
        Unestimated: whoever is *provided* is to be asked again.
    """
    promise = wanted if isinstance(wanted, Promised) else None
    id: QuoteId = wanted.quote_id if isinstance(wanted, Promised) else wanted
    quote, settings = await unit[QUOTES].get(id), await unit.settings()
    until = quote.valid_until if promise is None else promise.until
    if unit.now >= until:
        raise QuoteExpired(quote.id, until.isoformat())
    cart = await unit[CARTS].get(quote.cart_id)
    named = quote.wishes.tender
    changed = [Difference("tender", named, tender)] if named and named != tender else []
    to_confirm = unconfirmed(quote, settings)
    changed.extend(_lapsed(quote, unit.now, None if to_confirm else quote.tax_fact))
    if promise is None:
        check(cart, "orders.place")
    if promise is not None or settings.policies.placement is PlacementPolicy.FROZEN:
        if quote.depends_on_tender:
            changed.append(Difference("tender", "None", tender))
        other = rewished(quote, cart) if promise is None else retaxed(quote, settings, unit.now)
        if changed := [*other, *changed]:
            raise QuoteChanged(quote.id, tuple(map(str, changed)))
        uses, found = await _still_to_be_had(unit, quote, str(cart.customer or ""), settings)
        if delayed := tuple(map(str, later(quote, found.awaited))):
            raise QuoteChanged(quote.id, delayed)
        supplies = found.supplies
        quote = _sent_from(quote, found)
        await _check_tender(unit, quote, cart, tender)
    else:
        bargain, supplies = await _computed_again(unit, quote, cart, attrs.evolve(quote.wishes, tender=tender), changed)
        now = _quoted(bargain, quote.id, cart.id, unit.now, settings)
        if changed or _hash_of(_as_promised(now, quote)) != quote.hash:
            raise QuoteChanged(quote.id, tuple(map(str, [*changed, *differences(quote, now)])))
        uses = now.uses
        quote = _sent_from(quote, _found(now, supplies))
    today, grounds = await unit.today(), quote.grounds
    if to_confirm is not None:
        grounds = attrs.evolve(grounds, estimate=confirm(quote, to_confirm, settings, today, provided))
    return attrs.evolve(quote, customer=cart.customer, uses=uses, tax_date=today, grounds=grounds), supplies


def _lapsed(quote: Quote, now: datetime, taxes: TaxFact | None) -> Iterator[Difference]:
    """What came from outside, that *quote* rests on and whose term is over: whose answer its *taxes* are, and exchange
    rates that its prices follow by.
    """
    terms = {} if taxes is None else {"tax_estimate": taxes.valid_until}
    for line, own in zip(quote.lines, quote.grounds.lines, strict=True):
        if own.until is not None:
            terms[f"lines[{line.sku}].exchange_rate"] = own.until
    for path, until in terms.items():
        if now >= until:
            yield Difference(path, f"valid until {until.isoformat()}", f"lapsed at {now.isoformat()}")


async def _computed_again(
    unit: Unit, quote: Quote, cart: Cart, wishes: Wishes, changed: Sequence[Difference]
) -> tuple[Bargain, tuple[Supply, ...]]:
    """The bargain that *cart* gets now, with the taxes that were told for *quote*: nobody is asked again.

    Raises:
        QuoteChanged: what would be asked has changed, beside all that *changed* before.
    """
    kept, settings = quote.grounds.estimate, await unit.settings()
    destination = settings.country if wishes.goes_to is None else wishes.goes_to.country
    try:
        return await compute(unit, cart.id, wishes, None if kept is None else Provided.by(kept, destination))
    except Unestimated as asked:
        now = _quoted(asked.bargain, quote.id, cart.id, unit.now, settings)
        told = Difference("tax_estimate", "of what was quoted", "to be worked out for what changed")
        found = (*changed, *differences(quote, now, taxed=False), told)
        raise QuoteChanged(quote.id, tuple(map(str, found))) from None
    except NoPrice:  # as where the exchange rate lapsed that a price followed by
        if not changed:
            raise
        raise QuoteChanged(quote.id, tuple(map(str, changed))) from None


async def _check_tender(unit: Unit, quote: Quote, cart: Cart, tender: str) -> None:
    """Pass where the shop accepts *tender* for a frozen quote now, and the courier collects: its prices are those of
    the quote.

    Raises:
        TenderRefused: they don't.
    """
    if tender == COD.name and (no := keys_refusal(line for line in quote.lines if not line.gift_of)):
        raise no.error
    if tender == COD.name and quote.delivery is not None and not quote.delivery.cod_allowed:
        collected = quote.total.minor_units - sum(c.total for c in quote.charges if c.kind is ChargeKind.COD_FEE)
        raise cod_refusal(quote.delivery.method, Money(collected, quote.total.currency)).error
    if tender not in (await acceptance(unit)).terms:
        return
    wishes = attrs.evolve(quote.wishes, tender=tender)
    cart = attrs.evolve(cart, lines=as_quoted(quote))
    sold = await sellables(unit, [line.sku for line in cart.lines], problems=True)
    table = attrs.evolve(await laid(unit, cart, sold, wishes, ()), order_number=quote.order_number)
    if (kept := quote.grounds.estimate) is not None:
        table = attrs.evolve(table, provided=Provided.by(kept, table.settings.country))
    goods = goods_facts(price_lines(cart, sold))
    facts = order_facts(table.facts(wishes), goods, standings(quote.lines, table.rules(wishes)))
    if (refused := tender_refusal(table, tender, quote.total.minor_units, facts)) is not None:
        raise refused.error


async def _still_to_be_had(
    unit: Unit, quote: Quote, customer: str, settings: Settings
) -> tuple[tuple[PromotionUse, ...], Sourced]:
    """The coupons of a frozen quote with the limits that hold now, and the stock that is there for it.

    Where the shop chose the places, and they can't send it any more, others are chosen.
    """
    uses = await with_limits(unit, quote.uses)
    lines = Wanted.of_quote(quote.lines)
    asked = places_asked(quote.wishes, settings, quote.channel)
    places = dict.fromkeys((*asked, *(each.location for each in quote.groups)))
    wanted = claims(uses, customer, quote.order_number)
    counters = [claim.account for claim in limited(wanted)]
    levels, *counts = await unit.read(Levels(resources_asked(lines, places), unit.now), *map(Value, counters))
    found = await still_sourced(unit, quote, levels, settings)
    check_uses(uses, wanted, customer, dict(zip(counters, counts, strict=True)), quote.total.currency)
    return uses, found


def _sent_from(quote: Quote, found: Sourced) -> Quote:
    """*quote* with its goods sent from where the shop's rules chose by now, and awaited as by now.

    Where no rule chose the places, they are the quote's.
    """
    awaited = [attrs.evolve(line, awaited=found.awaited.get(line.id, ())) for line in quote.lines]
    if found.figures is None:
        return attrs.evolve(quote, lines=tuple(awaited)) if quote.lines != tuple(awaited) else quote
    lines = tuple(attrs.evolve(line, sources=found.sources.get(line.id, ())) for line in awaited)
    wishes = attrs.evolve(quote.wishes, location=found.location)
    return attrs.evolve(quote, lines=lines, wishes=wishes, sourcing=found.figures)


def _found(now: Bargain, supplies: tuple[Supply, ...]) -> Sourced:
    """Where the goods of a bargain leave from, as it says itself."""
    sources, awaited = {line.id: line.sources for line in now.lines}, {line.id: line.awaited for line in now.lines}
    return Sourced(supplies, sources, now.sourcing, awaited)


def _hash_of(bargain: Bargain) -> str:
    return agreed(bargain.lines, bargain.charges, bargain.wishes, bargain.currency)


def _as_promised(now: Bargain, quote: Quote) -> Bargain:
    """The bargain of *now* with the promises of *quote*, where it keeps them or does better."""
    promised = {line.id: line.awaited for line in quote.lines}
    lines = tuple(
        attrs.evolve(line, awaited=was) if no_later(was := promised.get(line.id, ()), line.awaited) else line
        for line in now.lines
    )
    return attrs.evolve(now, lines=lines)
