"""What people say of goods that come back: what is to become of them, and what was found of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.lines import given_reason
from tokolib.kernel.quantity import Counted
from tokolib.returns.model import Disposition

WISHED: Final = (Disposition.RESTOCK, Disposition.WRITE_OFF, Disposition.DAMAGED, Disposition.QUALITY)
"""What can be meant to become of a unit before anybody has seen it."""
FOUND: Final = (*WISHED, Disposition.REFUSED)
"""What can become of one that has come."""


@attrs.frozen
class Finding:
    """What was found of units that came in, and what becomes of them."""

    disposition: Disposition
    quantity: Counted | None = None
    """How many of them; None for all that nothing else was said of."""
    condition: str = ""
    """In which condition they came: the reason that the stock's history gives for a write-off."""


Findings = Mapping[str, Finding | Disposition | Sequence[Finding]]
"""What was found, by SKU or line id."""


def chosen(path: str, value: Disposition | str, among: Sequence[Disposition] = WISHED) -> Disposition:
    """*value* as a disposition.

    Raises:
        InvalidInput: it is not *among* those that people can choose here.
    """
    if value in among:
        return Disposition(value)
    known = ", ".join(among)
    raise InvalidInput((Fault(path, "returns.unknown_disposition", f"must be one of {known}", str(value)),))


def chosen_each(
    values: Mapping[str, Disposition | str], among: Sequence[Disposition] = WISHED
) -> dict[str, Disposition]:
    """*values* by SKU or line id as dispositions.

    Raises:
        InvalidInput: one is not *among* those that people can choose here.
    """
    return {name: chosen(f"dispositions[{name}]", each, among) for name, each in values.items()}


def findings_of(found: Findings) -> dict[str, tuple[Finding, ...]]:
    """*found* as several findings of each name, each of them one that people can make.

    Raises:
        InvalidInput: a disposition that isn't known, a condition that can't be kept, or two findings of all the rest.
    """
    return {name: _several(f"found[{name}]", each) for name, each in found.items()}


def _several(path: str, given: Finding | Disposition | Sequence[Finding]) -> tuple[Finding, ...]:
    if isinstance(given, str):
        return (Finding(chosen(path, given, FOUND)),)
    several = (given,) if isinstance(given, Finding) else tuple(given)
    if sum(each.quantity is None for each in several) > 1:
        raise InvalidInput((Fault(path, "returns.rest_twice", "must name a quantity in all findings but one"),))
    return tuple(
        attrs.evolve(
            each,
            disposition=chosen(path, each.disposition, FOUND),
            condition=given_reason(each.condition, path=path, required=False),
        )
        for each in several
    )
