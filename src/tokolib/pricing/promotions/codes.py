"""Coupon codes: people type them from a flyer, so case, width and blanks in them don't count."""

import unicodedata

from tokolib.pricing.faults import LONGEST_CODE


def coupon_code(text: str) -> str:
    """*text* as the code that is stored and compared: NFKC, without blanks, upper case.

    What is longer than any code may be is cut one character beyond that, and so stands for no coupon.
    """
    if text.isascii():
        return "".join(text[: 4 * LONGEST_CODE].split()).upper()[: LONGEST_CODE + 1]
    squeezed = "".join(unicodedata.normalize("NFKC", text[: 4 * LONGEST_CODE]).split())
    return unicodedata.normalize("NFKC", squeezed.casefold().upper())[: LONGEST_CODE + 1]
