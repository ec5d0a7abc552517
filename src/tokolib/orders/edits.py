"""What an edit asks for: goods and charges to add, goods to remove, and what price the added ones have."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import attrs

from tokolib.cart.model import LineWish
from tokolib.catalog.sku import key as sku_key
from tokolib.checkout.model import ChargeWish
from tokolib.kernel.address import Address
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.quantity import Counted, Quantity
from tokolib.orders.errors import NotEditable
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.units import Wanted, named, to_cancel, wish
from tokolib.shipping.points import CollectionPoint, check_point


class Reprice(StrEnum):
    """What price goods have that are added to an order, where nobody states one."""

    KEEP = "keep"
    """That of the order's last line of the same SKU; today's where it has none."""
    NEW = "new"
    """Today's; what the order has of the SKU stays as it was agreed."""
    ALL = "all"
    """Today's, also for all of the SKU that is still to leave: that is taken out, and added again with the rest."""


@attrs.frozen
class Edit:
    """What is to become of an order."""

    add: tuple[LineWish, ...] = ()
    remove: Wanted = attrs.field(factory=dict)
    charges: tuple[ChargeWish, ...] = ()
    reprice: Mapping[str, Reprice] = attrs.field(factory=dict)
    """By SKU key; what isn't named goes by `rest`."""
    rest: Reprice = Reprice.KEEP
    ship_to: Address | None = None
    delivery: str = ""
    point: CollectionPoint | None = None

    @classmethod
    def of(
        cls,
        add: Mapping[str, Counted] | Sequence[LineWish],
        remove: Wanted | None,
        charges: Sequence[ChargeWish],
        reprice: Reprice | Mapping[str, Reprice],
        ship_to: Address | None,
        delivery: str,
        point: CollectionPoint | None,
    ) -> "Edit":
        """An edit as it was asked for.

        Raises:
            InvalidInput: no such policy of prices, or nothing is to change.
        """
        by_sku = reprice if isinstance(reprice, Mapping) else {}
        rest = Reprice.KEEP if isinstance(reprice, Mapping) else _policy("reprice", reprice)
        lines = (LineWish(sku, units) for sku, units in add.items()) if isinstance(add, Mapping) else add
        policies = {sku_key(sku): _policy(f"reprice[{sku}]", each) for sku, each in by_sku.items()}
        made = cls(tuple(lines), dict(remove or {}), tuple(charges), policies, rest, ship_to, delivery, point)
        check_point(point)
        if not (made.changes_money or made.redirects):
            message = "name something: add=, remove=, charges=, ship_to=, delivery= or point="
            raise InvalidInput((Fault("edit", "orders.empty_edit", message),))
        return made

    @property
    def changes_money(self) -> bool:
        """Whether anything is added or removed."""
        return bool(self.add or self.remove or self.charges)

    @property
    def redirects(self) -> bool:
        """Whether anything goes elsewhere, or otherwise."""
        return bool(self.ship_to or self.delivery or self.point)

    @property
    def fingerprint(self) -> str:
        """The same for the same wish, however its quantities were written."""
        lines = [(each.sku, _figure(each.quantity), each.price, each.reason) for each in self.add]
        policies = sorted(self.reprice.items())
        where = (self.ship_to, self.delivery, self.point)
        return fingerprint((lines, wish(self.remove), self.charges, policies, self.rest, *where))

    def policy(self, sku: str) -> Reprice:
        """What price the added units of *sku* have."""
        return self.reprice.get(sku_key(sku), self.rest)

    def settled(self, order: Order, reason: str, *, with_tax: bool) -> tuple[tuple[LineWish, ...], Wanted]:
        """The lines to add, with prices where they are kept, and all that is to be removed of *order*.

        *with_tax* says whether the shop's stated prices contain tax.

        Raises:
            NotEditable: a kept price would change its meaning.
            UnknownLine, NamedTwice, TooManyUnits: what is to be removed isn't still to leave. Nothing was changed.
        """
        lines, removed, again = [], dict(self.remove), set[str]()
        for each in self.add:
            key = sku_key(each.sku)
            known = [line for line in order.lines if line.key == key]
            match self.policy(each.sku):
                case Reprice.KEEP if known and each.price is None:
                    lines.append(_kept(order, known[-1], each, reason, with_tax=with_tax))
                case Reprice.ALL if key not in again and (left := sum(len(line.free) for line in known)):
                    again.add(key)
                    unit = known[0].line.unit
                    stays = left - _taken_out(order, removed, key)
                    removed[each.sku] = Quantity(left, unit)
                    lines.append(attrs.evolve(each, quantity=Quantity(stays + unit.steps(each.quantity), unit)))
                case _:
                    lines.append(each)
        return tuple(lines), removed


def _taken_out(order: Order, removed: dict[str, Counted], key: str) -> int:
    """How many units of a SKU key are to be *removed*, which doesn't name them any longer: all of the SKU is."""
    mine = [name for name, lines in named(order, removed).items() if lines[0].key == key]
    return sum(run.units for run in to_cancel(order, {name: removed.pop(name) for name in mine}))


def _kept(order: Order, line: OrderLine, added: LineWish, reason: str, *, with_tax: bool) -> LineWish:
    if line.line.includes_tax is not with_tax:
        why = f"the price of {line.line.sku} and the shop's prices differ in whether they contain tax; state a price"
        raise NotEditable(order.id, why)
    return attrs.evolve(added, price=line.line.unit_price, reason=reason)


def _figure(quantity: Counted) -> object:
    return next(iter(wish({"quantity": quantity}).values()))


def _policy(path: str, value: Reprice | str) -> Reprice:
    try:
        return Reprice(value)
    except ValueError:
        known = ", ".join(Reprice)
        raise InvalidInput((Fault(path, "orders.unknown_policy", f"must be one of {known}", shown(value)),)) from None
