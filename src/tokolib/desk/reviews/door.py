"""The door `reviews`: all that waits for a person, and the decisions that no other door takes."""

from collections.abc import Iterable
from typing import Final

import attrs

from tokolib.desk.reviews import deciding
from tokolib.desk.reviews.listing import counted, find, listed
from tokolib.desk.reviews.model import ReviewItem, ReviewKind, Waiting
from tokolib.effects.ports import Observe
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.model import Order
from tokolib.payments.set_aside import Decision

MOST_COUNTED: Final = 100_000


@attrs.frozen
class ReviewService(Service[Colour]):
    """What no rule can decide. Each item goes when its thing is settled, by whichever command or message."""

    work: Work
    blocking: bool
    observe: Observe

    @command
    async def list(
        self, kinds: Iterable[ReviewKind] | None = None, *, limit: int = 50, after: str | None = None
    ) -> Page[ReviewItem]:
        """About *limit* items that wait, of all *kinds* or of these, the longest waiting first.

        What waits over one payment stands together, by the first of it, and is never torn apart: a page may be a few
        items longer. *after* is the cursor of the page before. It reads what waits, and no other row.

        Raises:
            InvalidInput: a *limit* below 1, a kind that is none, or a cursor that is none.
        """
        asked = _kinds(kinds)

        async def step(unit: Unit) -> Page[ReviewItem]:
            return await listed(unit, asked, after, await unit.page_size(limit))

        return await self.work.read(step)

    @command
    async def get(self, item: str) -> ReviewItem:
        """The item of that id.

        Raises:
            NotFound: there is none, or it waits no more.
        """

        async def step(unit: Unit) -> ReviewItem:
            return await find(unit, item)

        return await self.work.read(step)

    @command
    async def count(self, *, up_to: int = 1000) -> Waiting:
        """How much waits, by kinds, and since when: it reads at most *up_to* payments and other things that wait.

        Raises:
            InvalidInput: *up_to* is below 1, or above 100,000.
        """
        if not 0 < up_to <= MOST_COUNTED:
            message = f"must be 1 to {MOST_COUNTED}"
            raise InvalidInput((Fault("up_to", "reviews.bad_count", message, shown(up_to)),))

        async def step(unit: Unit) -> Waiting:
            return await counted(unit, up_to)

        return await self.work.read(step)

    @command
    async def accept(
        self, item: ReviewItem | str, order: Order | str | None = None, *, reference: str = "", reason: str = ""
    ) -> Decision:
        """The decision that an observation is true: its money moved for *order*, or else for the one it was told of.

        It is folded in as if it had come with the right name, and the order reacts: an amount that isn't what was asked
        for is kept or given back as any other. Where it came in the place of a charge that is still open, nothing more
        is expected of that charge. A *reference* names it where the provider did not. Who decided, when and why stays
        in the history. Safe to repeat.

        Raises:
            NotFound: no such item or order. NotAcceptable: it is no observation that was set aside.
            InvalidInput: no order for what belongs to nothing, no reference where none was told, or text that can't
                be kept. DecidedOtherwise: somebody has decided it, and otherwise.
            Contradiction: it can't have happened to this payment: another currency, or a reference that is another
                order's. In all cases nothing was stored.
        """
        id, whose = _id(item), order.id if isinstance(order, Order) else order
        named, why = line("reference", reference), given_reason(reason, required=False)

        async def step(unit: Unit) -> Decision:
            return await deciding.accept(unit, id, whose, reference=named, reason=why, observe=self.observe)

        return await self.work.write("reviews.accept", step)

    @command
    async def dismiss(self, item: ReviewItem | str, *, reason: str) -> Decision:
        """The decision that nothing is to be done about an item any more, for a *reason*; no money moves.

        It is for observations that aren't true or aren't ours, for refusals that somebody has seen to, and for money
        that is given up. Who decided and when stays in the history. Safe to repeat.

        Raises:
            NotFound: no such item. NotDismissible: it waits for an answer, such as `payments.resolve`.
            InvalidInput: no reason, or one that can't be kept. DecidedOtherwise: it was accepted before.
            In all cases nothing was stored.
        """
        id, why = _id(item), given_reason(reason)

        async def step(unit: Unit) -> Decision:
            return await deciding.dismiss(unit, id, reason=why)

        return await self.work.write("reviews.dismiss", step)


def _id(item: ReviewItem | str) -> str:
    return item.id if isinstance(item, ReviewItem) else item


def _kinds(kinds: Iterable[ReviewKind] | None) -> frozenset[ReviewKind]:
    if kinds is None:
        return frozenset(ReviewKind)
    given = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    known = [str(each) for each in ReviewKind]
    if wrong := [each for each in given if each not in known]:
        message = f"must be of {', '.join(known)}"
        raise InvalidInput(tuple(Fault("kinds", "reviews.bad_kind", message, shown(each)) for each in wrong))
    return frozenset(map(ReviewKind, given))
