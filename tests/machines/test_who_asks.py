"""Whoever a table names as asking for an edge can walk it: no command is promised to a person for nothing."""

from stories import tell_all
from stories.asked import tell_who_asks

from tokolib.cart.lifecycle import CART
from tokolib.fulfilment.lifecycle import SHIPMENT
from tokolib.inventory.counts.lifecycle import COUNT
from tokolib.inventory.expected.lifecycle import EXPECTED_RECEIPT
from tokolib.inventory.transfers.lifecycle import TRANSFER
from tokolib.kernel.machine import Machine, name_of
from tokolib.orders.lifecycle import ORDER
from tokolib.orders.offers.lifecycle import OFFER
from tokolib.returns.claims.lifecycle import CLAIM
from tokolib.returns.exchanges.lifecycle import EXCHANGE
from tokolib.returns.lifecycle import RETURN
from tokolib.stored_value.lifecycle import GIFT_CARD

PROVED = (ORDER, SHIPMENT, RETURN, CART, GIFT_CARD, TRANSFER, COUNT, EXPECTED_RECEIPT, EXCHANGE, CLAIM, OFFER)
"""Those whose refusals name commands as possible."""


def test_whoever_asks_for_an_edge_can_walk_it(given, storing, monkeypatch, record_property):
    """Of every command that is named beside an event, some story shows that it leads to it."""
    walked = set()
    target = Machine.target

    def led(self, state, kind):
        if self.edge(state, kind) is not None and storing and given:
            walked.add((self.name, name_of(kind), given[0]))
        return target(self, state, kind)

    monkeypatch.setattr(Machine, "target", led)
    tell_all()
    tell_who_asks()

    named = {
        (machine.name, name_of(kind), by)
        for machine in PROVED
        for edges in machine.edges.values()
        for kind, edge in edges.items()
        for by in edge.by
    }
    record_property("counted", f"{len(named)} pairs of an event and a command that asks for it, each walked")
    assert set() == named - walked
