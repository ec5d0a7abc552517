"""Faults that the values of a shop's configuration share."""

import re
from datetime import date, datetime
from typing import Final

from tokolib.kernel.errors import Fault, InvalidInput, shown

LONGEST_TAX_ID: Final = 40


def number_fault(values: object, name: str, most: int) -> Fault | None:
    """That it isn't a whole number above zero, at most *most*."""
    value = getattr(values, name)
    if type(value) is int and 0 < value <= most:
        return None
    return Fault(name, "kernel.not_positive", f"must be a whole number above zero, at most {most}", shown(value))


def tax_id_fault(values: object, name: str) -> Fault | None:
    """That it isn't a text that can be a tax id; an empty one is none."""
    text = getattr(values, name)
    if isinstance(text, str) and re.fullmatch(rf"(?:[A-Za-z0-9](?:[A-Za-z0-9 ./-]{{0,{LONGEST_TAX_ID - 1}}}))?", text):
        return None
    message = f"must be at most {LONGEST_TAX_ID} letters, digits, spaces, . - and /, and begin with one of the former"
    return Fault(name, "kernel.bad_tax_id", message, shown(text))


def day_fault(values: object, name: str) -> Fault | None:
    """That it is neither a day nor None."""
    value = getattr(values, name)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return None
    return Fault(name, "kernel.wrong_type", "must be a date", shown(value))


def refuse_faults(faults: tuple[Fault | None, ...]) -> None:
    """Raise `InvalidInput` of those *faults* that are some."""
    found = tuple(fault for fault in faults if fault is not None)
    if found:
        raise InvalidInput(found)
