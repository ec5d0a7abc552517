"""Charges put on a quote by hand: every fault at once, or charges with the name of whoever answers for them."""

from collections.abc import Iterator, Sequence
from typing import Final

from tokolib.checkout.model import ChargeWish
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.pricing.model import StatedCharge

_LONGEST: Final = 300


def stated_charges(wishes: Sequence[ChargeWish], currency: str, actor: str) -> tuple[StatedCharge, ...]:
    """*wishes* as charges that *actor* states.

    Raises:
        InvalidInput: amounts below zero or of another currency, no label, no reason; all of them, with paths.
    """
    faults = [fault for at, wish in enumerate(wishes) for fault in _faults(wish, currency, f"charges[{at}]")]
    if faults:
        raise InvalidInput(tuple(faults))
    return tuple(
        StatedCharge(
            wish.kind,
            wish.label.strip(),
            wish.amount.minor_units,
            actor,
            wish.reason.strip(),
            wish.tax_class,
            wish.refundable,
        )
        for wish in wishes
    )


def _faults(wish: ChargeWish, currency: str, path: str) -> Iterator[Fault]:
    if wish.amount.currency.code != currency:
        yield Fault(f"{path}.amount", "kernel.currency_mismatch", f"an amount in {currency}", str(wish.amount))
    if wish.amount.minor_units < 0:
        yield Fault(f"{path}.amount", "kernel.negative", "a charge is never negative", str(wish.amount))
    if not 0 < len(wish.label.strip()) <= _LONGEST:
        message = f"a label of 1 to {_LONGEST} characters"
        yield Fault(f"{path}.label", "checkout.label_needed", message, wish.label[:40])
    if not 0 < len(wish.reason.strip()) <= _LONGEST:
        message = f"a reason of 1 to {_LONGEST} characters for the stated charge"
        yield Fault(f"{path}.reason", "checkout.reason_needed", message, wish.reason[:40])
