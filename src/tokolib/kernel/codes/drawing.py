"""Random characters that are readable from paper, and a check character that knows a mistyped code by itself.

The characters are 23 that nobody takes for one another: neither 0 nor O, D alone; 1, I and L are all left out; of 2
and Z, 5 and S, 6 and G, 8 and B, U and V, only one. Twelve random ones have 54 bits, sixteen have 72.

**The check.** Every character counts as a number (its place in 0-9A-Z) times its place from the right; the sum must
be divisible by 37. Since 37 is prime and larger than any number and any place, every single wrong character and every
swap of two characters, adjacent or not, is found, in a prefix too; of other errors one in 37 is missed. It costs an
attacker's guesses less than one bit.
"""

from math import log2
from typing import Final

READABLE: Final = "346789ACDEFHJKMNPRTVWXY"
"""The characters of random parts: each is unlike all others, also when written by hand."""
PLACES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What any character counts as in the check."""
MODULUS: Final = 37
LONGEST_CHECKED: Final = MODULUS - 1
"""Characters of a whole code: each place counts differently."""


def drawn(luck: bytes, count: int) -> str:
    """So many readable characters of 256 bits of *luck*; each is as likely as another to within 2^-140."""
    number = int.from_bytes(luck, "big")
    found = []
    for _ in range(count):
        number, at = divmod(number, len(READABLE))
        found.append(READABLE[at])
    return "".join(found)


def checked(body: str) -> str | None:
    """*body* with its check character; None where that would be no readable one, and another body is to be drawn."""
    missing = -_weighed(body + "0") % MODULUS
    check = PLACES[missing] if missing < len(PLACES) else ""
    return body + check if check and check in READABLE else None


def is_sound(code: str) -> bool:
    """Whether *code* can have been made: no character of it is wrong, and no two are swapped."""
    fits = 1 < len(code) <= LONGEST_CHECKED and all(each in PLACES for each in code)
    return fits and _weighed(code) % MODULUS == 0


def bits(length: int) -> float:
    """What *length* random characters and their check are worth against guessing."""
    return length * log2(len(READABLE)) - log2(MODULUS / len(READABLE))


def _weighed(code: str) -> int:
    return sum(place * PLACES.index(each) for place, each in enumerate(reversed(code), start=1))
