"""A courier account with switches for what goes wrong between a shop and it: `FakeCourier`, `AsyncFakeCourier`.

It keeps a book of the labels that it has sold, as a real courier does; a test compares that with what the shop knows.
"""

from typing import Final

import attrs

from tokolib.effects.outside import Conflict, Declined, NotFoundOutside, NotSupported, OutsideError, Transient, Unknown
from tokolib.effects.resend import Dedupe, Terms
from tokolib.fulfilment.couriers.model import BoughtLabel, LabelRequest
from tokolib.fulfilment.couriers.ports import CourierCapabilities
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.money import Money

NAME: Final = "fake-courier"


@attrs.define
class CourierSwitches:
    """What goes wrong next. Counters count down with each call that they spoil."""

    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    refusals: int = 0
    """The next calls are answered with a definite no; what was taken before and is known isn't."""
    twice: int = 0
    """The next bookings are carried out twice, under one key: a look-up finds both."""
    fetched: bool = False
    """It has fetched every parcel: nothing is taken back any more."""
    prices: bool = True
    """Whether it says what a label costs."""


@attrs.define
class _Sold:
    """One label in its book."""

    request: LabelRequest
    label: BoughtLabel


class _Account:
    """An account, apart from whether it is awaited."""

    def __init__(
        self,
        name: str = NAME,
        *,
        dedupes: bool = True,
        looks_up: bool = True,
        voids: bool = True,
        price_per_kilogram: int = 9_000,
    ) -> None:
        self.switches = CourierSwitches()
        self.calls: list[str] = []
        """The names of the methods that were called, spoilt calls too."""
        self._name = name
        self._price = price_per_kilogram
        dedupe = Dedupe.KEY if dedupes else Dedupe.NONE
        no_void = "" if voids else "labels of this account are not taken back"
        self._capabilities = CourierCapabilities(terms=Terms(dedupe=dedupe, lookup=looks_up), no_void=no_void)
        self._sold: list[_Sold] = []

    @property
    def sold(self) -> tuple[BoughtLabel, ...]:
        """Every label that it has sold, void ones too, in the order of their sale."""
        return tuple(each.label for each in self._sold)

    @property
    def told(self) -> tuple[LabelRequest, ...]:
        """What it was told of each, in the same order."""
        return tuple(each.request for each in self._sold)

    @property
    def name(self) -> str:
        """Its name in the shop."""
        return self._name

    @property
    def capabilities(self) -> CourierCapabilities:
        """As it was made."""
        return self._capabilities

    def _sell(self, request: LabelRequest, key: str) -> BoughtLabel:
        """A label of *request*, sold now."""
        number = len(self._sold) + 1
        kilograms = -(-request.grams // 1_000)
        currency = request.value.currency
        price = Money(self._price * kilograms, currency) if self.switches.prices else None
        label = BoughtLabel(
            key=key,
            reference=f"{self._name}-{number}",
            tracking=f"FAKE{number:08}",
            price=price,
            document=f"https://courier.example/labels/{number}.pdf",
        )
        self._sold.append(_Sold(request, label))
        return label

    def _known_or_new(self, request: LabelRequest, key: str) -> BoughtLabel:
        """The label that was sold under *key*, or a new one.

        Raises:
            Conflict: it was sold for another request.
        """
        if self._capabilities.terms.dedupe is Dedupe.KEY and (sold := self._under(key)):
            if fingerprint(sold[0].request) != fingerprint(request):
                raise Conflict(self._name, key, "another parcel was booked under it")
            return sold[0].label
        return self._sell(request, key)

    def _take(self, request: LabelRequest, key: str) -> BoughtLabel:
        """Book, with all that may go wrong."""
        self._arrive("book", key)
        if not self._under(key):
            self._refuse("not sold")
        label = self._known_or_new(request, key)
        if self.switches.twice:
            self.switches.twice -= 1
            self._sell(request, key)
        self._answer(key)
        return label

    def _find(self, key: str) -> tuple[BoughtLabel, ...]:
        """Look up, with all that may go wrong."""
        self._arrive("look_up", key)
        if not self._capabilities.terms.lookup:
            raise NotSupported(self._name, "lookup")
        self._answer(key)
        return tuple(each.label for each in self._under(key))

    def _give_back(self, reference: str, key: str) -> BoughtLabel:
        """Void, with all that may go wrong."""
        self._arrive("void", key)
        if self._capabilities.no_void:
            raise NotSupported(self._name, "void")
        known = next((each for each in self._sold if each.label.reference == reference), None)
        if known is None:
            raise NotFoundOutside(self._name, reference)
        if not known.label.void:
            self._refuse("not taken back")
            if self.switches.fetched:
                raise Declined(self._name, "the parcel was fetched")
            known.label = attrs.evolve(known.label, void=True)
        self._answer(key)
        return known.label

    def _under(self, key: str) -> list[_Sold]:
        return [each for each in self._sold if each.label.key == key]

    def _arrive(self, call: str, key: str) -> None:
        self.calls.append(call)
        self._spoil("unreachable", Transient(self._name, "connection refused"))
        self._spoil("time_out_before", Unknown(self._name, key, "timed out"))

    def _answer(self, key: str) -> None:
        self._spoil("time_out_after", Unknown(self._name, key, "timed out"))

    def _refuse(self, reason: str) -> None:
        self._spoil("refusals", Declined(self._name, reason))

    def _spoil(self, switch: str, error: OutsideError) -> None:
        if left := getattr(self.switches, switch):
            setattr(self.switches, switch, left - 1)
            raise error


class FakeCourier(_Account):
    """The blocking account. *dedupes*, *looks_up* and *voids* are what its capabilities say, and what it does."""

    def book(self, request: LabelRequest, *, key: str) -> BoughtLabel:
        """Sell a label."""
        return self._take(request, key)

    def look_up(self, key: str) -> tuple[BoughtLabel, ...]:
        """What was sold under *key*."""
        return self._find(key)

    def void(self, reference: str, *, key: str) -> BoughtLabel:
        """Take a label back."""
        return self._give_back(reference, key)


class AsyncFakeCourier(_Account):
    """The same, to be awaited."""

    async def book(self, request: LabelRequest, *, key: str) -> BoughtLabel:
        """Sell a label."""
        return self._take(request, key)

    async def look_up(self, key: str) -> tuple[BoughtLabel, ...]:
        """What was sold under *key*."""
        return self._find(key)

    async def void(self, reference: str, *, key: str) -> BoughtLabel:
        """Take a label back."""
        return self._give_back(reference, key)
