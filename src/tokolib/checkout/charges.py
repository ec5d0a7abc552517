"""Charges put on a quote by hand: every fault at once, or charges with the name of whoever answers for them."""

from collections.abc import Iterator, Sequence

from tokolib.checkout.model import ChargeWish
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.lines import line_faults, reason_faults
from tokolib.pricing.model import StatedCharge


def stated_charges(wishes: Sequence[ChargeWish], currency: str, limits: Limits, actor: str) -> tuple[StatedCharge, ...]:
    """*wishes* as charges in *currency* that *actor* states.

    Raises:
        InvalidInput: amounts below zero or of another currency, no label, no reason; all of them, with paths.
            More charges than a cart may have lines.
    """
    if len(wishes) > (most := limits.cart_lines):
        raise InvalidInput((Fault("charges", "checkout.too_many_charges", f"at most {most}", str(len(wishes))),))
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
    yield from line_faults(f"{path}.label", wish.label.strip(), required=True)
    yield from reason_faults(f"{path}.reason", wish.reason)
