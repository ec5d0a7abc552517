"""Letters of other alphabets that look like ours: which alphabet somebody meant who typed letters of two.

Compatibility forms (NFKC) know nothing of this: a Cyrillic А stays another letter than a Latin A, so that a code typed
on a phone with two keyboards, or copied from a picture, would be unknown, and nobody could see why. A code is written
in one alphabet. So one that can be read as Latin as a whole is Latin; one that mixes two, and of whose Latin letters
each looks like one of the other alphabet's, is of that; and what is neither is nobody's guess, but told.

A letter is in the table when it looks like one Latin letter both large and small, since case doesn't count in a code:
a Greek Ν is an N and its ν looks like a v, so it is in no table. Both sides are read so, what is issued and what is
typed; two codes that look alike are one code.
Source: Unicode Technical Standard 39, section 4 (confusable detection), version 16, of which these are the letters
that stand for one Latin letter in print.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

_TWINS: Final[Mapping[str, tuple[str, str]]] = {
    "CYRILLIC": ("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"),
    "GREEK": ("ΑΒΕΖΙΚΟΡΤΧ", "ABEZIKOPTX"),
}

_AS_LATIN: Final = {ord(own): ours for pair in _TWINS.values() for own, ours in zip(*pair, strict=True)}
_FROM_LATIN: Final = {name: str.maketrans(ours, own) for name, (own, ours) in _TWINS.items()}

ALPHABETS: Final = frozenset({"LATIN", *_TWINS})
"""Those whose letters look like one another's; letters of any other script may stand beside them."""


def one_alphabet(text: str) -> str:
    """*text*, in capitals, with look-alikes as letters of the alphabet that it is read in; unchanged where none is."""
    if text.isascii():
        return text
    latin = text.translate(_AS_LATIN)
    found = alphabets(latin)
    if found <= {"LATIN"}:
        return latin
    if len(foreign := alphabets(text) - {"LATIN"}) == 1:
        (name,) = foreign
        own = text.translate(_FROM_LATIN[name])
        if alphabets(own) == foreign:
            return own
    return text


def is_mixed(text: str) -> bool:
    """Whether *text* has letters of two alphabets that look like one another's."""
    return not text.isascii() and len(alphabets(text)) > 1


def alphabets(text: str) -> frozenset[str]:
    """The alphabets among `ALPHABETS` that the letters of *text* are of."""
    return ALPHABETS & {unicodedata.name(each, "").partition(" ")[0] for each in text if each.isalpha()}
