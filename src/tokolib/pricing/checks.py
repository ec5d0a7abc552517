"""What pricing is asked, looked at before anything is priced: every fault at once, with its path."""

from collections.abc import Iterator, Sequence

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import Currency
from tokolib.pricing.model import ChargeLine, PriceLine


def check(lines: Sequence[PriceLine], charges: Sequence[ChargeLine], currency: Currency) -> None:
    """Pass when *lines* and *charges* can be priced in *currency*.

    Raises:
        InvalidInput: an id twice, a quantity not above zero, a negative charge, a price of another currency.
    """
    plain = [line.quantity for line in lines if line.stated is None and type(line.quantity) is int]
    if not charges and min(plain, default=0) > 0 and len(plain) == len(lines) == len({line.id for line in lines}):
        return
    faults = [*_line_faults(lines, currency), *_charge_faults(charges)]
    if faults:
        raise InvalidInput(tuple(faults))


def _line_faults(lines: Sequence[PriceLine], currency: Currency) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if line.id in seen:
            yield Fault(f"lines[{i}].id", "pricing.repeated", "each line has an id of its own", line.id)
        seen.add(line.id)
        if type(line.quantity) is not int or line.quantity <= 0:
            yield Fault(f"lines[{i}].quantity", "pricing.not_positive", "must be more than zero", str(line.quantity))
        if line.stated is not None and line.stated.price.currency != currency:
            found = line.stated.price.currency.code
            yield Fault(f"lines[{i}].stated.price", "pricing.currency", f"must be in {currency.code}", found)


def _charge_faults(charges: Sequence[ChargeLine]) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, charge in enumerate(charges):
        if charge.id in seen:
            yield Fault(f"charges[{i}].id", "pricing.repeated", "each charge has an id of its own", charge.id)
        seen.add(charge.id)
        if type(charge.amount) is not int or charge.amount < 0:
            wanted = "must be whole minor units, not negative"
            yield Fault(f"charges[{i}].amount", "pricing.negative", wanted, shown(charge.amount))
