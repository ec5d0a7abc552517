"""The life of an exchange as a table."""

from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Kind, Machine
from tokolib.kernel.transitions import led, unbegun
from tokolib.returns.exchanges import events as e
from tokolib.returns.exchanges.errors import IllegalExchangeTransition
from tokolib.returns.exchanges.model import Exchange, ExchangeState

S = ExchangeState
_CLAIMED: Final = ("claims.approve",)


def _open(state: ExchangeState) -> dict[Kind, Edge[ExchangeState]]:
    """What may happen while it is not settled."""
    return {
        e.ExchangeExtended: Edge(state, ("exchanges.extend",)),
        e.ExchangeRejected: Edge(S.REJECTED, ("exchanges.reject",), entailed_by=("claims.reject", "claims.withdraw")),
        e.ExchangeCancelled: Edge(S.CANCELLED, ("exchanges.cancel",)),
        e.ExchangeExpired: Edge(S.EXPIRED, entailed_by=("tick",)),
    }


EXCHANGE: Final = Machine(
    name="exchange",
    about="Goods of one order that come back, and others that take their place in it.",
    states={
        S.REQUESTED: "the customer wants something else; it is held, and nothing has moved",
        S.AUTHORISED: "the shop agrees, holds the replacement, and waits for the goods",
        S.COMPLETED: "the goods are back, the replacement is in the order, and only the difference is due or goes back",
        S.REJECTED: "the shop doesn't agree; the customer may ask again",
        S.CANCELLED: "the customer keeps the goods",
        S.EXPIRED: "nothing came while the replacement was held, or nobody decided on what came",
    },
    begins={e.ExchangeRequested: (S.REQUESTED,)},
    begun_by=("exchanges.request", "claims.open"),
    edges={
        S.REQUESTED: {
            e.ExchangeAuthorised: Edge(
                S.AUTHORISED, ("exchanges.authorise", "exchanges.complete"), entailed_by=_CLAIMED
            ),
            **_open(S.REQUESTED),
        },
        S.AUTHORISED: {
            e.ExchangeCompleted: Edge(S.COMPLETED, ("exchanges.complete",), entailed_by=_CLAIMED),
            **_open(S.AUTHORISED),
        },
        S.COMPLETED: {},
        S.REJECTED: {},
        S.CANCELLED: {},
        S.EXPIRED: {},
    },
    ends=frozenset({S.COMPLETED, S.REJECTED, S.CANCELLED, S.EXPIRED}),
)
"""The life of an exchange."""


def check(exchange: Exchange, kind: type[Event], *, asked: str = "") -> None:
    """Pass when the exchange's state allows an event of this kind.

    Raises:
        IllegalExchangeTransition: it doesn't. Nothing was changed.
    """
    _target(exchange, kind, asked)


def _target(exchange: Exchange, kind: type[Event], asked: str = "") -> ExchangeState:
    return led(EXCHANGE, IllegalExchangeTransition, exchange, exchange.state, kind, asked=asked)


def evolve(state: Exchange | None, event: Event) -> Exchange:
    """The exchange after *event*.

    Raises:
        IllegalExchangeTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.ExchangeRequested):
        return event.exchange
    if state is None:
        raise unbegun(EXCHANGE, IllegalExchangeTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(event))


def _changes(event: Event) -> dict[str, Any]:
    """The fields that *event* changes, beside the state."""
    match event:
        case e.ExchangeAuthorised(by=by):
            return {"authorised_by": by}
        case e.ExchangeExtended(goods=goods, holds=holds, until=until):
            return {"goods": goods, "holds": holds, "hold_until": until}
        case e.ExchangeCompleted(at=at, settlement=settlement):
            return {"ended_at": at, "settlement": settlement, "holds": ()}
        case e.ExchangeRejected(at=at, note=note) | e.ExchangeCancelled(at=at, reason=note):
            return {"ended_at": at, "note": note, "holds": ()}
        case e.ExchangeExpired(at=at):
            return {"ended_at": at, "holds": ()}
        case _:
            return {}
