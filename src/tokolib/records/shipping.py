"""How delivery methods and their rate sheets are stored."""

from typing import Final

from tokolib.records import collections
from tokolib.records.record import Record
from tokolib.shipping import events as shipping
from tokolib.shipping.lifecycle import evolve as evolve_method
from tokolib.shipping.lifecycle import evolve_sheet
from tokolib.shipping.model import DeliveryMethod, RateSheet

DELIVERY_METHODS: Final = Record(
    collection=collections.DELIVERY_METHODS,
    noun="delivery method",
    cls=DeliveryMethod,
    evolve=evolve_method,
    reference=True,
    events=(shipping.MethodPut, shipping.MethodWithdrawn),
    row=lambda method: {"status": "active" if method.active else "withdrawn"},
)

RATE_SHEETS: Final = Record(
    collection=collections.RATE_SHEETS,
    noun="rate sheet",
    cls=RateSheet,
    evolve=evolve_sheet,
    reference=True,
    events=(shipping.RatesPut,),
    row=lambda sheet: {"method": sheet.method},
)
