"""Collection points: a courier's shops and lockers where a customer fetches a parcel, and what each of them takes.

They are known to their courier alone. What is chosen is kept by value, so that an order still says where its goods
were to wait when the courier has closed the point or moved it.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import Final, cast

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.kernel.address import Address
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.formats import said
from tokolib.shipping.errors import PointNeeded, PointRefused
from tokolib.shipping.model import DeliveryMethod
from tokolib.shipping.weight import Goods
from tokolib.shipping.wording import WORDING

_LONGEST: Final = {"courier": 100, "id": 100, "hours": 500}


@attrs.frozen(kw_only=True)
class CollectionPoint:
    """A shop or locker of a courier's at which a customer fetches a parcel, as the courier tells of it.

    Raises:
        InvalidInput: with every fault and its field.
    """

    courier: str
    """The courier account that knows it."""
    id: str
    """The courier's name for it."""
    address: Address
    """Where it stands; its name is the point's."""
    hours: str = ""
    """When it is open, in the courier's words."""
    max_grams: int | None = None
    """The heaviest parcel that it takes; None where nothing is said of it."""
    max_dimensions: Dimensions | None = None
    """The largest parcel that it takes, whichever way it lies."""
    cod: bool = True
    """Whether it takes cash for a parcel."""

    def __attrs_post_init__(self) -> None:
        faults = [fault for name in _LONGEST for fault in self._faults(name)]
        if not isinstance(cast(object, self.address), Address):
            faults.append(Fault("address", "kernel.wrong_type", "must be an Address", shown(self.address)))
        if self.max_grams is not None and (type(self.max_grams) is not int or self.max_grams < 1):
            faults.append(
                Fault("max_grams", "kernel.malformed", "must be whole grams, 1 or more", shown(self.max_grams))
            )
        if self.max_dimensions is not None and not isinstance(cast(object, self.max_dimensions), Dimensions):
            told = "must be Dimensions, or None"
            faults.append(Fault("max_dimensions", "kernel.wrong_type", told, shown(self.max_dimensions)))
        if not isinstance(cast(object, self.cod), bool):
            faults.append(Fault("cod", "kernel.wrong_type", "must be true or false", shown(self.cod)))
        if faults:
            raise InvalidInput(tuple(faults))

    def _faults(self, name: str) -> Iterable[Fault]:
        value = getattr(self, name)
        if not isinstance(value, str) or len(value) > _LONGEST[name] or not value.isprintable():
            told = f"must be text of at most {_LONGEST[name]} printable characters"
            yield Fault(name, "kernel.malformed", told, shown(value))
        elif not value.strip() and name != "hours":
            yield Fault(name, "kernel.required", "is required")

    @property
    def name(self) -> str:
        """What a customer reads."""
        return self.address.name

    def takes(self, grams: int, dimensions: Dimensions | None) -> bool:
        """Whether a parcel of that weight and size may wait there; what isn't known of either is no hindrance."""
        if self.max_grams is not None and grams > self.max_grams:
            return False
        if self.max_dimensions is None or dimensions is None:
            return True
        return all(ours <= most for ours, most in zip(_sides(dimensions), _sides(self.max_dimensions), strict=True))


def check_point(given: object) -> None:
    """Pass for a collection point, or none.

    Raises:
        InvalidInput: it is neither.
    """
    if given is not None and not isinstance(given, CollectionPoint):
        told = "must be a CollectionPoint, such as one of shop.shipments.points(method, address)"
        raise InvalidInput((Fault("point", "kernel.wrong_type", told, shown(given)),))


def _sides(of: Dimensions) -> list[int]:
    return sorted((of.length_mm, of.width_mm, of.height_mm))


def unsuitable(method: DeliveryMethod, point: CollectionPoint | None, goods: Iterable[Goods] = ()) -> Reason | None:
    """Why *goods* can't go by *method* to *point* (None: to the door); None where they can.

    A piece that is too large alone is so in any parcel; how pieces lie together is seen when they are packed.
    """
    account = method.terms.points_of
    if point is None:
        return reason("shipping.point_needed", method=method.id, courier=account) if account else None
    if not account:
        return reason("shipping.to_the_door", method=method.id, point=point.id)
    if point.courier != account:
        return reason("shipping.other_courier", method=method.id, point=point.id, courier=account, theirs=point.courier)
    large = ", ".join(dict.fromkeys(each.sku for each in goods if not point.takes(_piece(each), each.dimensions)))
    if large:
        return reason("shipping.point_too_small", method=method.id, point=point.id, skus=large)
    return None


def _piece(goods: Goods) -> int:
    """What the largest piece of *goods* weighs, in grams: a unit of measure, or less of it where less was bought."""
    return ceil(min(goods.units, Fraction(1)) * (goods.weight_grams or 0))


def no_cash(point: CollectionPoint | None) -> Reason | None:
    """That *point* takes no cash; None where it does, or it goes to the door."""
    return None if point is None or point.cod else reason("shipping.point_takes_no_cash", point=point.id)


def error_of(because: Reason, method: DeliveryMethod) -> TokolibError:
    """A refusal of `unsuitable` as the typed error that it is raised as."""
    if because.code == "shipping.point_needed":
        return PointNeeded(method.id, method.terms.points_of)
    return PointRefused(method.id, str(because["point"]), because.code, said(because, "en", WORDING))
