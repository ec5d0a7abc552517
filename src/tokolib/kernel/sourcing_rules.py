"""From which locations a shop sends, and what each costs it: data that quotes choose by."""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults

MOST_PLACES: Final = 200
MOST_BANDS: Final = 200
DEAREST: Final = 10**12


@attrs.frozen(kw_only=True)
class CarriageBand:
    """What it costs to send from a location to some destinations, in the place of what it costs otherwise.

    All amounts are minor units of the currency of the shop's books.

    Raises:
        InvalidInput: names or amounts that can't be, or a band that names no destination.
    """

    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2; empty for any."""
    postal_prefixes: tuple[str, ...] = ()
    """What postal codes there begin with, such as `6` for East Java and its neighbours; empty for any."""
    use: int
    """Once for a parcel from there: picking, a box, what a first kilogram costs beyond a further one."""
    per_kilogram: int

    def __attrs_post_init__(self) -> None:
        _refuse(*_name_faults(self, "countries", "postal_prefixes"), *_amount_faults(self, "use", "per_kilogram"))
        if not self.countries and not self.postal_prefixes:
            _refuse(Fault("postal_prefixes", "kernel.no_condition", "or countries must be given", "()"))

    def goes(self, country: str, postal_code: str) -> bool:
        """Whether it is for goods that go there."""
        named = not self.countries or country in self.countries
        return named and (not self.postal_prefixes or postal_code.startswith(self.postal_prefixes))


@attrs.frozen(kw_only=True)
class SourcingPlace:
    """A location that goods may be sent from, and what that costs the shop.

    All amounts are minor units of the currency of the shop's books.

    Raises:
        InvalidInput: names or amounts that can't be.
    """

    location: str
    use: int = 0
    """Once for a parcel from there: picking, a box, what a first kilogram costs beyond a further one."""
    per_step: int = 0
    """For each step that leaves from there: handling."""
    per_kilogram: int = 0
    """For each kilogram; goods must have a weight then."""
    bands: tuple[CarriageBand, ...] = ()
    """By destination: the first that is for it counts, in the place of `use` and `per_kilogram`."""
    channels: tuple[str, ...] = ()
    """Only what these channels sell; empty for all."""

    def __attrs_post_init__(self) -> None:
        bands: object = self.bands
        if not isinstance(bands, tuple) or not all(isinstance(each, CarriageBand) for each in bands):
            _refuse(Fault("bands", "kernel.wrong_type", "must be a tuple of CarriageBand", shown(bands)))
        _refuse(
            *line_faults("location", self.location, required=True),
            *_name_faults(self, "channels"),
            *_amount_faults(self, "use", "per_step", "per_kilogram"),
            *_few(self.bands, "bands", MOST_BANDS),
        )

    def carriage(self, country: str, postal_code: str) -> tuple[int, int]:
        """What it costs to send goods there: once, and for each kilogram."""
        band = next((each for each in self.bands if each.goes(country, postal_code)), None)
        return (self.use, self.per_kilogram) if band is None else (band.use, band.per_kilogram)


@attrs.frozen(kw_only=True)
class SourcingRules:
    """From which places goods are sent where nobody names one; none: all of them from `main`.

    Raises:
        InvalidInput: places that are none, or one that is named twice.
    """

    places: tuple[SourcingPlace, ...] = ()
    """The preferred one first: it wins where two plans cost the same."""
    split: int = 0
    """What each further parcel of an order costs beside, in minor units of the currency of the shop's books."""

    def __attrs_post_init__(self) -> None:
        places: object = self.places
        if not isinstance(places, tuple) or not all(isinstance(each, SourcingPlace) for each in places):
            _refuse(Fault("places", "kernel.wrong_type", "must be a tuple of SourcingPlace", shown(places)))
        names = [each.location for each in self.places]
        twice = (
            Fault(f"places[{at}].location", "kernel.repeated", "is named before", name)
            for at, name in enumerate(names)
            if name in names[:at]
        )
        _refuse(*twice, *_amount_faults(self, "split"), *_few(self.places, "places", MOST_PLACES))

    def open_to(self, channel: str) -> tuple[SourcingPlace, ...]:
        """The places that goods of a *channel* may be sent from."""
        return tuple(each for each in self.places if not each.channels or channel in each.channels)


def _refuse(*faults: Fault) -> None:
    if faults:
        raise InvalidInput(faults)


def _few(items: tuple[object, ...], path: str, most: int) -> Iterator[Fault]:
    if len(items) > most:
        yield Fault(path, "kernel.too_many", f"must be at most {most}", str(len(items)))


def _amount_faults(values: object, *names: str) -> Iterator[Fault]:
    for name in names:
        amount = getattr(values, name)
        if type(amount) is not int or not 0 <= amount <= DEAREST:
            message = f"must be whole minor units from 0 to {DEAREST}"
            yield Fault(name, "kernel.not_an_amount", message, shown(amount))


def _name_faults(values: object, *paths: str) -> Iterator[Fault]:
    for path in paths:
        names = getattr(values, path)
        if not isinstance(names, tuple) or not all(isinstance(each, str) for each in names):
            yield Fault(path, "kernel.wrong_type", "must be a tuple of names", shown(names))
            continue
        for at, name in enumerate(names):
            yield from line_faults(f"{path}[{at}]", name, required=True)
