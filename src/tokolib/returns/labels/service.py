"""The door `return_labels`: labels with which customers send goods back."""

from collections.abc import Iterable

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.advance import Couriers, account, advance
from tokolib.fulfilment.bookings.words import word_on
from tokolib.fulfilment.couriers.errors import NotOffered
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.fulfilment.following import Tracked, ask
from tokolib.fulfilment.labels.reweighing import check_billed, reweigh
from tokolib.kernel.address import Address
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import LocationId, ReturnId, ReturnLabelId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.units import Wanted, wish
from tokolib.returns.labels import steps
from tokolib.returns.labels.asking import Wish
from tokolib.returns.labels.calls import RETURN_LABEL_CALLS
from tokolib.returns.labels.errors import ReturnLabelNotOpen
from tokolib.returns.labels.events import ReturnLabelReweighed
from tokolib.returns.labels.lookups import ReturnLabelLookups, return_id
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.ports import RETURN_LABELS
from tokolib.returns.model import Return
from tokolib.shipping.tracking import Scan

NamedReturnLabel = ReturnLabel | ReturnLabelId
MOST_GRAMS = 10**9


@attrs.frozen
class ReturnLabelService(ReturnLabelLookups[Colour]):
    """Labels that the shop buys, so that goods come back."""

    observe: Observe
    couriers: Couriers

    @command
    async def buy(
        self,
        goods: Return | ReturnId,
        *,
        courier: str,
        recipient: Address,
        what: Wanted | None = None,
        location: str | None = None,
        sender: Address | None = None,
        service: str = "",
        grams: int | None = None,
        key: str | None = None,
    ) -> ReturnLabel:
        """A label at the account *courier* for goods that the shop has agreed to take back, to *recipient*.

        It is for one parcel: *what* of the return (quantities by SKU or line id), or all that is still to come and has
        no label yet. It is sent from the order's address, or from *sender*, and comes in at *location*, or where the
        order left from. It weighs what the goods do, or so many *grams*; *service* is one of the courier's, or the one
        that the goods were sent by. Returns of exchanges and claims have theirs too: name their `return_id`.

        The wish is stored with its key before the courier is asked, so that it is bought once: with a *key* it is safe
        to repeat. One that gives no answer leaves it waiting; `shop.tick()` looks it up before it asks again, and a
        person does where neither is possible (`shop.reviews`). What it costs is the shop's, in the cost ledger:
        nothing is charged to the customer by it. What a customer pays for the way back, the return policy says.

        Raises:
            NoSuchCourier: the shop has no such account. NotOffered: the account carries nothing back.
            NotFound: there is no such return. IllegalReturnTransition: nobody has agreed to it, or it has ended.
            OnlyByStaff: a customer acts. NothingToSend: all of it has come, or none of it comes in a parcel.
            ReturnLabelStands: the goods have a label. NoSender: nobody knows where they are.
            UnknownLine, NamedTwice, TooManyUnits: *what* is not what is still to come, or another return took it.
            MissingWeight: nobody knows what they weigh. UnknownLocation, InvalidLocation: there is no such place.
            NotExact, InvalidQuantity, InvalidInput: something that can't be counted or kept.
            KeyReused: *key* belongs to another request. In all cases nothing was stored.
        """
        id, of = return_id(goods), account(self.couriers, courier)
        if no := of.capabilities.no_returns:
            raise NotOffered(of.name, "book", no)
        wanted = None if what is None else wish(what)
        asked = Wish(
            account=of.name,
            recipient=recipient,
            goods=what,
            location=None if location is None else LocationId(location),
            sender=sender,
            service=line("service", service),
            grams=_grams(grams),
        )

        async def step(unit: Unit) -> ReturnLabel:
            async def make() -> str:
                return (await steps.wish(unit, id, asked)).id

            made, _ = await once(unit, "return_labels.buy", key, (id, wanted, attrs.evolve(asked, goods=None)), make)
            return await unit[RETURN_LABELS].get(made)

        return await self._advanced(await self.work.write("return_labels.buy", step))

    @command
    async def void(self, label: NamedReturnLabel) -> ReturnLabel:
        """A label is given back at the account that it was bought at, before its goods come. Safe to repeat.

        Also after its return has ended without them. Where the courier refuses, it stands, and may be given back again;
        where it gives no answer, it waits. Of equal goods the first ones to come are those of the first label.

        Raises:
            NotFound: there is no such label. ReturnLabelNotOpen: it was not bought, or nobody knows yet.
            NoReturnLabel: it was refused, and its return has no other.
            GoodsCame: goods of it have come in, or were delivered. OnlyByStaff: a customer acts.
            In all cases nothing was changed.
        """
        id = _id(label)

        async def step(unit: Unit) -> ReturnLabel:
            return await steps.wish_void(unit, id)

        return await self._advanced(await self.work.write("return_labels.void", step))

    @command
    async def advance(self, label: NamedReturnLabel) -> ReturnLabel:
        """The label after its courier was asked for what is due of it: sent, or looked up. Nothing due changes nothing.

        Raises:
            NotFound: there is no such label.
            InsideTransaction: the shop works within a transaction of the host. Nobody was asked.
        """
        permit(self.work.access, self.work.ctx, "return_labels.advance")
        self.work.must_be_outside("return_labels.advance")
        await advance(self.work, self.couriers, RETURN_LABEL_CALLS, _id(label), self.observe)
        return await self._get(_id(label))

    @command
    async def resolve(
        self, label: NamedReturnLabel, found: BoughtLabel | None = None, *, failure: str = "", reason: str
    ) -> ReturnLabel:
        """A person's word on a label that waits or is doubtful: what was *found*, or why there is none (*failure*).

        Of a label that was bought twice it says that the other one was seen to. Of one that is to be given back, that
        it was, or was not. Who said it, when and why stays in the history.

        Raises:
            InvalidInput: neither or both of *found* and *failure*, or text that can't be kept.
            NotFound: there is no such label. ReturnLabelNotOpen: nothing about it is doubtful, or it is denied what is
            certain. In all cases nothing was changed.
        """
        id, why, said = _id(label), given_reason(reason), word_on(found, failure)

        async def step(unit: Unit) -> ReturnLabel:
            return await bookings.resolve(unit, steps.RETURN_LABELS_BOOKED, id, said, reason=why)

        return await self.work.write("return_labels.resolve", step)

    @command
    async def scanned(self, label: NamedReturnLabel, scans: Iterable[Scan]) -> ReturnLabel:
        """What the courier tells of the parcel, such as from its webhook; `label.journey` says where it is by all that.

        Scans may come in any order, twice, and contradict each other: each is kept once. That the goods are here does
        not follow from them: somebody receives them (`returns.receive`), who has them in hand.

        Raises:
            NotFound: there is no such label. ReturnLabelNotOpen: it was never bought. Nothing was changed.
        """
        id, told = _id(label), tuple(scans)

        async def step(unit: Unit) -> ReturnLabel:
            return await steps.scan(unit, id, told)

        return await self.work.write("return_labels.scanned", step)

    @command
    async def ask_courier(self, label: NamedReturnLabel) -> ReturnLabel:
        """The label after its account was asked where the parcel is: what it tells is taken in as `scanned` does.

        Raises:
            NotFound: there is no such label. ReturnLabelNotOpen: it has no number, or was never bought.
            NoSuchCourier: the shop has its account no more. NotOffered: the account can't be asked.
            RateLimited, Transient, AuthFailed, Unknown, NotFoundOutside, UnusableAnswer: it gave no answer.
            InsideTransaction: the shop works within a transaction of the host. In all cases nothing was changed.
        """
        asked = "return_labels.ask_courier"
        permit(self.work.access, self.work.ctx, asked)
        self.work.must_be_outside(asked)
        known = await self._get(_id(label))
        if not (known.buying.succeeded and known.tracking):
            raise ReturnLabelNotOpen(known.id, known.state, asked)
        scans = await ask(self.couriers, Tracked(known.account, (known.tracking,)))

        async def step(unit: Unit) -> ReturnLabel:
            return await steps.scan(unit, known.id, scans)

        return await self.work.write("return_labels.ask_courier", step)

    @command
    async def reweighed(self, label: NamedReturnLabel, price: Money, *, grams: int | None = None) -> ReturnLabel:
        """The courier weighed the parcel itself, or bills the label when it is used: *price*. The cost ledger follows.

        Safe to repeat.

        Raises:
            NotFound: there is no such label. ReturnLabelNotOpen: it does not stand.
            CurrencyMismatch: it was billed in another currency. InvalidInput: a negative price.
            In all cases nothing was changed.
        """
        id, asked = _id(label), "return_labels.reweighed"
        check_billed(price)

        async def step(unit: Unit) -> ReturnLabel:
            booked = steps.RETURN_LABELS_BOOKED
            return await reweigh(unit, booked, id, (price, grams), asked=asked, happened=ReturnLabelReweighed)

        return await self.work.write("return_labels.reweighed", step)

    async def _advanced(self, label: ReturnLabel) -> ReturnLabel:
        await advance(self.work, self.couriers, RETURN_LABEL_CALLS, label.id, self.observe)
        return await self._get(label.id)


def _id(label: NamedReturnLabel) -> ReturnLabelId:
    return label.id if isinstance(label, ReturnLabel) else label


def _grams(grams: int | None) -> int | None:
    whole = grams is None or (type(grams) is int and 0 < grams <= MOST_GRAMS)
    if not whole:
        raise InvalidInput((Fault("grams", "returns.bad_weight", "must be whole grams, at least 1", shown(grams)),))
    return grams
