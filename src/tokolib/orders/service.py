"""The door `orders`."""

from collections.abc import Iterable
from typing import Any

import attrs

from tokolib.cart.ports import CARTS
from tokolib.checkout.asking import Asked
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Quote
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.providing import TaxDesk
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import QuoteId
from tokolib.kernel.unit import Port, Unit
from tokolib.orders.editing import OrderEdits
from tokolib.orders.model import Order
from tokolib.orders.ordering import Ordering, OrderWish
from tokolib.stored_value.paying import Credit


@attrs.frozen
class OrderService(OrderEdits[Colour]):
    """Placing orders, following them, ending them."""

    taxes: TaxDesk
    """Who works taxes out beside the shop's own tables."""

    @command
    async def place(
        self,
        wanted: Basket | Quote | QuoteId,
        *,
        tender: str,
        key: str,
        credit: Iterable[Credit] = (),
        plan: str = "",
    ) -> Order:
        """An order of a basket or a quote, paid by *tender*: `cash`, `bank_transfer`, `cod`, or a gateway's name.

        A *basket* is priced as it is placed, once; nothing is stored of it but the order. The order is stored, with
        its stock held, before a gateway is asked. The same *key* with the same request answers the same order,
        however often it is sent. A gateway that does not answer leaves the order pending; `shop.tick()` asks again.

        *credit* names gift cards and the customer's store credit that pay first, in this order, each up to what is
        left of the total; the tender pays the rest, and no rest needs none. They are claimed in the transaction that
        stores the order, and get their money back in the one that ends it.

        *plan* names one of the shop's payment plans (`shop.plans`): the order is placed when its deposit is there, and
        the instalments follow on the days that are frozen now.

        Raises:
            QuoteExpired, QuoteChanged: the customer has to agree to a new quote.
            OutOfStock, LimitReached: somebody was faster.
            GiftCardMistyped, GiftCardRefused, InsufficientBalance, CreditNeedsCustomer, NotTheirCredit,
            CurrencyMismatch: what *credit* names can't pay.
            UnknownTender, TenderRefused, UnknownPlan, PlanRefused, NotFree, IllegalCartTransition, KeyReused,
            CannotAuthorise (money is captured at hand-over, and the gateway can't reserve any),
            InvalidInput (a blank key):
            in all these cases nothing was stored.
            what `carts.start` and `carts.quote` refuse (a basket): it can't be sold as it is; nothing was stored.
                A tax provider, where the shop has one for the place, is asked for a basket as it is for a quote.
            TaxUnavailable: the tax provider is down. By the policy `tax_outage` no order of a basket is placed without
                it, or, unless it is `fallback_table`, of a quote whose taxes somebody else worked out.
            InsideTransaction: the provider would have to be asked within a transaction of the host. In both cases
                nothing was stored.
            PaymentDeclined: the gateway said no; the order is cancelled, and the cart open again.
        """
        if isinstance(wanted, Basket):
            Asked.of(wanted, tender).check()
        asked = wanted.id if isinstance(wanted, Quote) else wanted
        source = asked.hash if isinstance(asked, Basket) else asked

        async def named(_: Unit) -> Basket | QuoteId:
            return asked

        wish = OrderWish(named, source, tender, key, tuple(credit), plan, named=_named_in(wanted))
        return await Ordering(self.work, self.observe, self.gateways, self.taxes).write("orders.place", wish)


def _named_in(wanted: Basket | Quote | QuoteId) -> dict[Port[Any], list[str]]:
    """The documents that a wish for an order names, so that they come in the same trip as its key's answer."""
    if isinstance(wanted, Basket):
        return {}
    if isinstance(wanted, Quote):
        return {QUOTES: [wanted.id], CARTS: [wanted.cart_id]}
    return {QUOTES: [wanted]}
