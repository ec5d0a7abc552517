"""How returns are stored."""

from typing import Final

from tokolib.records import collections
from tokolib.records.record import Record
from tokolib.returns import events as returns
from tokolib.returns.lifecycle import evolve as evolve_return
from tokolib.returns.model import Return

RETURNS: Final = Record(
    collection=collections.RETURNS,
    noun="return",
    cls=Return,
    evolve=evolve_return,
    events=(
        returns.ReturnRequested,
        returns.ReturnApproved,
        returns.ReturnAccepted,
        returns.ReturnRejected,
        returns.ReturnRefined,
    ),
    row=lambda goods: {
        "order_id": goods.order_id,
        "state": goods.state.value,
        "sub_state": goods.sub_state or None,
    },
)
