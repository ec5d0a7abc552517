"""How locations, buffers, backorders, stock items, transfers, counts, lots and expected receipts are stored."""

from typing import Final

from tokolib.inventory import events as inventory
from tokolib.inventory.backorder import Backorder
from tokolib.inventory.backorders import events as backorders
from tokolib.inventory.backorders.lifecycle import evolve as evolve_backorder
from tokolib.inventory.counts import events as counts
from tokolib.inventory.counts.lifecycle import evolve as evolve_count
from tokolib.inventory.counts.model import Count
from tokolib.inventory.expected import events as expected
from tokolib.inventory.expected.lifecycle import evolve as evolve_receipt
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.inventory.lifecycle import evolve_buffer, evolve_item, evolve_location
from tokolib.inventory.lots import events as lots
from tokolib.inventory.lots.lifecycle import evolve as evolve_lot
from tokolib.inventory.lots.model import Lot
from tokolib.inventory.model import Buffer, Location, StockItem
from tokolib.inventory.transfers import events as transfers
from tokolib.inventory.transfers.lifecycle import evolve as evolve_transfer
from tokolib.inventory.transfers.model import Transfer
from tokolib.records import collections
from tokolib.records.record import Record

LOCATIONS: Final = Record(
    collection=collections.LOCATIONS,
    noun="location",
    cls=Location,
    evolve=evolve_location,
    reference=True,
    events=(inventory.LocationOpened,),
)

STOCK_BUFFERS: Final = Record(
    collection=collections.STOCK_BUFFERS,
    noun="stock buffer",
    cls=Buffer,
    evolve=evolve_buffer,
    reference=True,
    events=(inventory.BufferSet,),
)

BACKORDERS: Final = Record(
    collection=collections.BACKORDERS,
    noun="backorder",
    cls=Backorder,
    evolve=evolve_backorder,
    reference=True,
    events=(backorders.BackorderSet,),
)

STOCK_ITEMS: Final = Record(
    collection=collections.STOCK_ITEMS,
    noun="stock item",
    cls=StockItem,
    evolve=evolve_item,
    reference=True,
    row=lambda item: {"sku": item.sku, "unit": item.unit.code, "step": str(item.unit.step)},
    events=(
        inventory.StockItemOpened,
        inventory.ThresholdSet,
        inventory.ItemTracked,
        inventory.StockLow,
        inventory.StockRecovered,
        inventory.StockAdded,
        inventory.StockCorrected,
        inventory.StockMoved,
    ),
)

TRANSFERS: Final = Record(
    collection=collections.TRANSFERS,
    noun="transfer",
    cls=Transfer,
    evolve=evolve_transfer,
    row=lambda each: {"state": each.state.value, "source": each.source, "target": each.target},
    events=(
        transfers.TransferDrafted,
        transfers.TransferDispatched,
        transfers.TransferArrived,
        transfers.TransferClosed,
        transfers.TransferCancelled,
    ),
)

COUNTS: Final = Record(
    collection=collections.COUNTS,
    noun="count",
    cls=Count,
    evolve=evolve_count,
    row=lambda each: {"state": each.state.value, "location": each.location},
    events=(
        counts.CountOpened,
        counts.StockCounted,
        counts.CountApproved,
        counts.CountPosted,
        counts.CountCancelled,
    ),
)

NEVER: Final = "9999-12-31"
"""Where lots without an expiry date stand among the others: last."""

LOTS: Final = Record(
    collection=collections.LOTS,
    noun="lot",
    cls=Lot,
    evolve=evolve_lot,
    row=lambda each: {
        "key": each.key,
        "code": each.code,
        "expires_on": each.expires_on.isoformat() if each.expires_on else NEVER,
        "stocked": int(bool(each.places)),
    },
    events=(lots.LotMade, lots.LotArrived, lots.LotLeft, lots.LotBlocked),
)

EXPECTED_RECEIPTS: Final = Record(
    collection=collections.EXPECTED_RECEIPTS,
    noun="expected_receipt",
    cls=ExpectedReceipt,
    evolve=evolve_receipt,
    row=lambda each: {
        "place": f"{each.location}|{each.key}",
        "expected_on": each.expected_on.isoformat(),
        "open": int(bool(each.open)),
    },
    events=(
        expected.ReceiptAnnounced,
        expected.ReceiptChanged,
        expected.ReceiptArrived,
        expected.ReceiptCompleted,
        expected.ReceiptCancelled,
    ),
)
