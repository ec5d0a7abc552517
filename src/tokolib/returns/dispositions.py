"""What people can say of goods that came back."""

from collections.abc import Mapping
from typing import Final

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.returns.model import Disposition

CHOSEN: Final = (Disposition.RESTOCK, Disposition.WRITE_OFF)
"""What becomes of a unit by somebody's word."""


def chosen(path: str, value: Disposition | str) -> Disposition:
    """*value* as a disposition.

    Raises:
        InvalidInput: it is none that people can choose.
    """
    if value in CHOSEN:
        return Disposition(value)
    known = ", ".join(CHOSEN)
    raise InvalidInput((Fault(path, "returns.unknown_disposition", f"must be one of {known}", str(value)),))


def chosen_each(values: Mapping[str, Disposition | str]) -> dict[str, Disposition]:
    """*values* by SKU or line id as dispositions.

    Raises:
        InvalidInput: one is none that people can choose.
    """
    return {name: chosen(f"dispositions[{name}]", each) for name, each in values.items()}
