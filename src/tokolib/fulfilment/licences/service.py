"""The door `licences`: the pools of digital goods, and who has got what of them."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from typing import Final, TypeVar

import attrs

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.effects.ports import Observe
from tokolib.fulfilment.licences import granting, steps
from tokolib.fulfilment.licences.errors import NoSealer, NotDigital, SealBroken
from tokolib.fulfilment.licences.model import Licence
from tokolib.fulfilment.licences.ports import LICENCES
from tokolib.fulfilment.licences.sealing import LONGEST_KEY, Sealer
from tokolib.fulfilment.licences.steps import SealedKey
from tokolib.inventory.again import looking_again
from tokolib.inventory.levels import one_counted
from tokolib.inventory.model import MAIN
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.ids import LicenceId, OrderId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways

T = TypeVar("T")
NamedLicence = Licence | LicenceId
MOST_ADDED: Final = 1_000


@attrs.frozen
class LicenceService(Service[Colour]):
    """Keys of digital goods: added sealed, granted one for each unit, read on record, replaced and withdrawn."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways
    sealer: Sealer | None

    @command
    async def add(
        self,
        sku: str,
        keys: Iterable[str],
        *,
        key: str,
        location: str = MAIN,
        expires_on: date | None = None,
    ) -> int:
        """Put *keys* into the pool of a digital good; answers how many. All of them are added, or none.

        Each is one unit of its stock. They are sealed before they are stored; one that is there already is refused.
        What expires after *expires_on* is granted up to that day, the first to expire first. With the same *key* and
        the same keys it is safe to repeat.

        Raises:
            NoSealer: the shop was opened with nothing that seals. NotDigital: the good has a body.
            KeysKnown: some of them are in the pool, or named twice; they are told by their positions.
            AlreadyMoved: there is stock of it that came without keys. UnknownSku, UnknownLocation.
            InvalidInput: no keys, more than 1,000, one that can't be kept, or they have expired.
            KeyReused: *key* belongs to another delivery. In all cases nothing was stored.
        """
        texts = _checked(keys)
        sealer = self._sealer("licences.add")
        sealed = [
            SealedKey(await resolved(sealer.seal(each)), await resolved(sealer.digest(f"{sku_key(sku)}\n{each}")))
            for each in texts
        ]

        async def step(unit: Unit) -> int:
            one: Sellable = await one_counted(unit, sku)
            if not one.digital:
                raise NotDigital(one.sku)

            async def made() -> str:
                await steps.add(unit, one, sealed, location=location, expires_on=expires_on)
                return one.key

            request = (one.key, [each.digest for each in sealed], location, expires_on)
            await once(unit, "licences.add", key, request, made)
            return len(sealed)

        return await self._write("licences.add", step)

    @command
    async def withdraw(self, licence: NamedLicence, *, reason: str) -> Licence:
        """A licence taken out of the pool that is of no use: it is written off, and never granted.

        Raises:
            NotFound: there is no such licence. IllegalLicenceTransition: it isn't in the pool any more.
            BelowHeld: orders hold all that are left. InvalidInput: no reason. In all cases nothing was changed.
        """
        id, why = _id(licence), given_reason(reason)

        async def step(unit: Unit) -> Licence:
            return await steps.withdraw(unit, id, why)

        return await self._write("licences.withdraw", step)

    @command
    async def grant(self, order: Order | OrderId) -> tuple[Licence, ...]:
        """The licences of an order, with those granted that are due: one for each digital unit that is paid for.

        `shop.tick()` does it for all orders; this is for one that is not to wait for it. Safe to repeat.

        Raises:
            NotFound: there is no such order.
            LotsNotPickable: too few licences may leave, since the others have expired or are blocked.
            NotShippable, IllegalOrderTransition, CapturedOnce: it may not leave. In all cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[tuple[Licence, ...], Order]:
            given = await granting.grant(unit, id, gateways=self.gateways, observe=self.observe)
            return given, await unit[ORDERS].get(id)

        given, after = await self._write("licences.grant", step)
        if after.reserved:
            await advance(self.work, self.gateways, after.intent_id, self.observe)
        return given

    @command
    async def read(self, licence: NamedLicence) -> str:
        """The key of a licence that a customer has; that it was read, when and by whom stays in the history.

        Raises:
            NotFound: there is no such licence. IllegalLicenceTransition: it is nobody's. Nothing was changed.
            NoSealer: the shop was opened with nothing that unseals. Nothing was changed.
            SealBroken: it was sealed by another secret, or altered since. That it was asked for is on record.
        """
        sealer, id = self._sealer("licences.read"), _id(licence)

        async def step(unit: Unit) -> Licence:
            return await steps.read(unit, id)

        found = await self.work.write("licences.read", step)
        try:
            return await resolved(sealer.unseal(found.sealed))
        except ValueError:
            raise SealBroken(found.code) from None

    @command
    async def replace(self, licence: NamedLicence, *, reason: str) -> Licence:
        """Another licence for a customer in the place of one that does not work, which is revoked.

        It costs the shop one more of its pool: that is written off with the reason.

        Raises:
            NotFound: there is no such licence. IllegalLicenceTransition: it is nobody's.
            LotsNotPickable, BelowHeld: there is none left that may leave, or that no order holds.
            InvalidInput: no reason. In all cases nothing was changed.
        """
        id, why = _id(licence), given_reason(reason)

        async def step(unit: Unit) -> Licence:
            return await granting.replace(unit, id, why)

        return await self._write("licences.replace", step)

    @command
    async def get(self, licence: LicenceId) -> Licence:
        """A licence by its id; its key stays sealed.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Licence:
            return await unit[LICENCES].get(licence)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Licence, ...]:
        """All licences that an order has got, those that were revoked since too, the first one first."""
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Licence, ...]:
            return await steps.licences_of(unit, id)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)

    def _sealer(self, asked: str) -> Sealer:
        if self.sealer is None:
            raise NoSealer(asked)
        return self.sealer


def _id(licence: NamedLicence) -> LicenceId:
    return licence.id if isinstance(licence, Licence) else licence


def _checked(keys: Iterable[str]) -> Sequence[str]:
    """*keys* as they are kept: without blanks around. A fault names a position, never the key."""
    given: list[object] = [keys] if isinstance(keys, str) else list(keys)
    if not 0 < len(given) <= MOST_ADDED:
        told = f"must be 1 to {MOST_ADDED} keys"
        raise InvalidInput((Fault("keys", "fulfilment.key_count", told, str(len(given))),))
    if isinstance(keys, str):
        raise InvalidInput((Fault("keys", "kernel.wrong_type", "must be a list of keys, not one text"),))
    texts = [each.strip() if isinstance(each, str) else "" for each in given]
    told = f"must be text of 1 to {LONGEST_KEY} characters"
    faults = [
        Fault(f"keys[{at}]", "fulfilment.bad_key", told)
        for at, each in enumerate(texts)
        if not 0 < len(each) <= LONGEST_KEY
    ]
    if faults:
        raise InvalidInput(tuple(faults))
    return texts
