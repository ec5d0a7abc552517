"""The codes of gift cards: unguessable, readable from paper, and kept as a digest only.

Sixteen random characters of 23 have 72 bits, and the check character costs less than one of them. With so much luck
in a code a plain digest of it can't be turned round, so that whoever reads the storage, or a backup of it, can spend
nothing.
"""

from hashlib import sha256
from typing import Final

from tokolib.kernel.codes.drawing import bits, checked, drawn, is_sound
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.unit import Unit
from tokolib.stored_value.errors import GiftCardMistyped

RANDOM: Final = 16
"""Random characters of a code."""
BITS: Final = bits(RANDOM)
"""What a code is worth against guessing: at least 64."""
ENDING: Final = 4
"""Characters of a code that may be shown."""
GROUP: Final = 4
"""Characters between hyphens, where a code is printed."""

_PURPOSE: Final = b"tokolib gift card 1\0"


def new_code(unit: Unit) -> str:
    """A new code; about one draw in three has no readable check character, and is made again."""
    while True:
        if (code := checked(drawn(sha256(unit.secret().encode()).digest(), RANDOM))) is not None:
            return code


def printed(code: str) -> str:
    """*code* in groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """The code that somebody typed, as it is compared.

    Raises:
        GiftCardMistyped: it can't be any card's.
    """
    code: str = typed_code(typed)
    if not is_sound(code):
        raise GiftCardMistyped(code[-ENDING:])
    return code


def digest_of(code: str) -> str:
    """What is kept of *code*: SHA-256, in hexadecimal."""
    return sha256(_PURPOSE + code.encode()).hexdigest()
