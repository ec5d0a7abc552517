"""GTINs: the number under a barcode, with its check digit.

Source: GS1 General Specifications, release 24.0 (January 2024), sections 3.3.2 (GTIN-8, -12, -13, -14) and
7.9 (check digit calculation): from the right, digits weigh 3 and 1 in turn, and the sum ends in zero.
"""

from typing import Final

from tokolib.catalog.errors import InvalidGtin

LENGTHS: Final = (8, 12, 13, 14)


def check_digit(payload: str) -> str:
    """The check digit of a GTIN whose other digits are *payload* (7, 11, 12 or 13 of them).

    Raises:
        InvalidGtin: *payload* is not that many ASCII digits.
    """
    if not _digits(payload) or len(payload) + 1 not in LENGTHS:
        raise InvalidGtin(payload[:20], "7, 11, 12 or 13 digits come before the check digit")
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def gtin(text: str) -> str:
    """*text* as the digits of a GTIN-8, -12, -13 or -14; spaces and hyphens between them are dropped.

    Raises:
        InvalidGtin: other characters, another length, or a wrong check digit.
    """
    digits = text.replace(" ", "").replace("-", "")
    if not _digits(digits):
        raise InvalidGtin(text[:40], "consists of digits only")
    if len(digits) not in LENGTHS:
        raise InvalidGtin(text[:40], f"has {len(digits)} digits; a GTIN has 8, 12, 13 or 14")
    wanted = check_digit(digits[:-1])
    if digits[-1] != wanted:
        raise InvalidGtin(digits, f"its last digit should be {wanted}; one digit was misread or mistyped")
    return digits


def gtin14(digits: str) -> str:
    """A GTIN filled up with zeros to fourteen digits: the form in which GTINs of all lengths compare."""
    return digits.rjust(14, "0")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
