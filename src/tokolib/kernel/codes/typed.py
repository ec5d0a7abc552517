"""Codes as people type them: from a flyer or a card, so case, width, blanks and hyphens in them don't count."""

import unicodedata
from typing import Final

from tokolib.kernel.codes.lookalikes import one_alphabet

LONGEST_CODE: Final = 64
"""Characters of a code."""
_UNSEEN: Final = frozenset({"Pd", "Cf"})
"""Hyphens and dashes, and what has no width: a code that was pasted from a chat has some."""


def typed_code(text: str) -> str:
    """*text* as the code that is stored and compared: NFKC, capitals, one alphabet, without blanks and hyphens.

    What is longer than any code may be is cut one character beyond that, and so is nobody's.
    """
    if text.isascii():
        return "".join(text[: 4 * LONGEST_CODE].replace("-", "").split()).upper()[: LONGEST_CODE + 1]
    squeezed = _squeezed(unicodedata.normalize("NFKC", text[: 4 * LONGEST_CODE]))
    raised = unicodedata.normalize("NFKC", squeezed.casefold().upper())
    return one_alphabet(_squeezed(raised))[: LONGEST_CODE + 1]


def _squeezed(text: str) -> str:
    return "".join(each for each in text if not each.isspace() and unicodedata.category(each) not in _UNSEEN)
