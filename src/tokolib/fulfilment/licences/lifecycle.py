"""The life of a licence as a table."""

from typing import Any, Final

from tokolib.fulfilment.licences import events as e
from tokolib.fulfilment.licences.errors import IllegalLicenceTransition
from tokolib.fulfilment.licences.model import Licence, LicenceState
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun

S = LicenceState

LICENCE: Final = Machine(
    name="licence",
    about="One key of a digital good.",
    states={
        S.FREE: "in the pool, to be sold",
        S.GRANTED: "it is a customer's",
        S.REVOKED: "it was a customer's, and is never sold again",
        S.WITHDRAWN: "it was taken out of the pool before anybody had it",
    },
    begins={e.LicenceAdded: (S.FREE,)},
    begun_by=("licences.add",),
    edges={
        S.FREE: {
            e.LicenceGranted: Edge(S.GRANTED, ("licences.grant",), entailed_by=("tick", "licences.replace")),
            e.LicenceWithdrawn: Edge(S.WITHDRAWN, ("licences.withdraw",)),
        },
        S.GRANTED: {
            e.LicenceRead: Edge(S.GRANTED, ("licences.read",)),
            e.LicenceRevoked: Edge(S.REVOKED, ("licences.replace",), entailed_by=("returns.accept",)),
        },
        S.REVOKED: {},
        S.WITHDRAWN: {},
    },
    ends=frozenset({S.FREE, S.GRANTED, S.REVOKED, S.WITHDRAWN}),
)
"""The life of a licence."""


def check(licence: Licence, kind: type[Event]) -> None:
    """Pass when the licence's state allows an event of this kind.

    Raises:
        IllegalLicenceTransition: it doesn't. Nothing was changed.
    """
    led(LICENCE, IllegalLicenceTransition, licence, licence.state, kind)


def evolve_licence(state: Licence | None, event: Event) -> Licence:
    """The licence after *event*.

    Raises:
        IllegalLicenceTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.LicenceAdded):
        return event.licence
    if state is None:
        raise unbegun(LICENCE, IllegalLicenceTransition, type(event))
    target = led(LICENCE, IllegalLicenceTransition, state, state.state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(licence: Licence, event: Event) -> dict[str, Any]:
    match event:
        case e.LicenceGranted(grant=grant):
            return {"grant": grant}
        case e.LicenceRead(at=at):
            return {"readings": licence.readings + 1, "read_at": at}
        case e.LicenceRevoked(reason=reason) | e.LicenceWithdrawn(reason=reason):
            return {"reason": reason}
        case _:
            return {}
