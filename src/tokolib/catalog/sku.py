"""SKUs: compared by key, shown as they were written.

Two people write `KOPI-250`, `kopi-250` and, on a phone, `ＫＯＰＩ-250`; they mean one thing on one shelf. So a
SKU is compared by its key (compatibility form, stripped, case-folded), and its spelling is kept for display.
"""

import unicodedata
from typing import Final

from tokolib.catalog.errors import InvalidSku

LONGEST: Final = 64
"""Characters of a SKU, and of its key: the compatibility form of one character may be eighteen."""

RESERVED: Final = "|"
"""Separates a location from a key in the names of stock, and the values of one cell in a file."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def key(text: str) -> str:
    """What *text* is compared by; a key is its own key.

    Source: Unicode Standard Annex 15 (form NFKC) and section 3.13 (default caseless matching), version 14.
    """
    if text.isascii():
        return text.strip().lower()
    before, after = "", text
    while before != after:  # folding may undo the normal form, and the normal form may bring spaces and capitals
        before, after = after, unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", after).casefold()).strip()
    return after


def spelling(text: str) -> str:
    """*text* as a SKU to show: without the spaces around it, otherwise as written.

    Raises:
        InvalidSku: empty, longer than 64 characters, with invisible characters, or with `|`.
    """
    shown = text.strip()
    if not shown:
        raise InvalidSku(text[:LONGEST], "is empty")
    if len(shown) > LONGEST:
        raise InvalidSku(f"{shown[:LONGEST]}…", f"has {len(shown)} characters; at most {LONGEST} are kept")
    for character in shown if not (shown.isascii() and shown.isprintable()) else "":
        if unicodedata.category(character) in _UNSEEN:
            raise InvalidSku(shown, f"has an invisible character, U+{ord(character):04X}")
    folded = key(shown)
    if RESERVED in folded:
        raise InvalidSku(shown, f"{RESERVED!r} is reserved")
    if not folded or len(folded) > LONGEST:
        raise InvalidSku(shown, f"compares as {len(folded)} characters; 1 to {LONGEST} are kept")
    return shown
