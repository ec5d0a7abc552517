"""The door `return_labels`, as far as it only looks."""

import attrs

from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import ReturnId, ReturnLabelId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.returns.labels import steps
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.ports import RETURN_LABELS
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.returns.model import Return
from tokolib.returns.ports import RETURNS


def return_id(goods: Return | ReturnId) -> ReturnId:
    """The id of a return, or the id that was given."""
    return goods.id if isinstance(goods, Return) else goods


@attrs.frozen
class ReturnLabelLookups(Service[Colour]):
    """Finding return labels."""

    work: Work
    blocking: bool

    @command
    async def get(self, label: ReturnLabelId) -> ReturnLabel:
        """A return label by its id.

        Raises:
            NotFound: there is none.
        """
        return await self._get(label)

    @command
    async def of(self, goods: Return | ReturnId) -> tuple[ReturnLabel, ...]:
        """All labels of a return, those that were refused or given back too, the first one first.

        Raises:
            NotFound: there is no such return.
        """
        id = return_id(goods)

        async def step(unit: Unit) -> tuple[ReturnLabel, ...]:
            await unit[RETURNS].get(id)
            return await steps.labels_of(unit, id)

        return await self.work.read(step)

    @command
    async def in_state(
        self, state: ReturnLabelState, *, limit: int = 100, after: str | None = None
    ) -> Page[ReturnLabel]:
        """A page of the return labels in a state, by their ids; *after* is the cursor of the page before."""

        async def step(unit: Unit) -> Page[ReturnLabel]:
            found = unit[RETURN_LABELS].where
            return await found(
                "by_state", equals={"state": state.value}, after=after, limit=await unit.page_size(limit)
            )

        return await self.work.read(step)

    @command
    async def unused(self, *, limit: int = 100, after: str | None = None) -> Page[ReturnLabel]:
        """A page of those that stand though their returns have ended and nothing has come: give them back (`void`).

        *limit* is of returns, each with all such labels of it; *after* is the cursor of the page before.
        """

        async def step(unit: Unit) -> Page[ReturnLabel]:
            return await steps.unused(unit, limit=await unit.page_size(limit), after=after)

        return await self.work.read(step)

    async def _get(self, id: ReturnLabelId) -> ReturnLabel:
        async def step(unit: Unit) -> ReturnLabel:
            return await unit[RETURN_LABELS].get(id)

        return await self.work.read(step)
