"""How a language writes numbers: the little that parsing and printing must agree on, so that they are inverse.

The locale is always named (`id`, `en`); none is guessed from the host, because `1.500` is fifteen hundred in
Jakarta and one and a half in London.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

import attrs
from babel.numbers import get_currency_symbol

from tokolib.kernel.errors import TokolibError, shown
from tokolib.kernel.money import Currency


@attrs.frozen
class UnknownLocale(TokolibError):
    """tokolib doesn't read or write numbers, or tell reasons, in this locale."""

    code: ClassVar[str] = "kernel.unknown_locale"
    locale: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no words or numbers of locale {self.locale!r}; known: {', '.join(self.known)}"


@attrs.frozen
class Notation:
    """The marks of a locale, and the words that stand for zeros."""

    locale: str
    decimal: str
    group: str
    words: Mapping[str, int]
    """Word -> how many zeros it stands for."""


NOTATIONS: Final[Mapping[str, Notation]] = {
    # "m" is miliar in Jakarta and million in London, a thousand times less: it is read in neither.
    "id": Notation("id", ",", ".", {"rb": 3, "ribu": 3, "k": 3, "jt": 6, "juta": 6, "miliar": 9}),
    "en": Notation("en", ".", ",", {"k": 3, "thousand": 3, "million": 6}),
}
"""Source: CLDR 47 (April 2025) for the marks; Indonesian price tags and chats for the words."""


def notation(locale: str) -> Notation:
    """The notation of *locale*: `id` or `en`, a territory after it (`id_ID`, `en_GB`) changes nothing.

    Raises:
        UnknownLocale: no other locale is known.
    """
    known = isinstance(locale, str)
    found = (NOTATIONS.get(locale) or _TERRITORIES.get(locale)) if known else None
    if found is None:
        raise UnknownLocale(locale[:20] if known else shown(locale), tuple(NOTATIONS))
    return found


_TERRITORIES: Final = {
    "id_ID": NOTATIONS["id"],
    "en_US": NOTATIONS["en"],
    "en_GB": NOTATIONS["en"],
    "en_AU": NOTATIONS["en"],
    "en_SG": NOTATIONS["en"],
    "en_MY": NOTATIONS["en"],
}
"""Named one by one: in en_ZA or en_CH the marks differ from those of `en`."""


def mark(currency: Currency, locale: str) -> str:
    """The sign in front of an amount: `Rp`, `US$`, `£`, or the code itself where the locale has no sign."""
    if currency.code == "IDR":
        return "Rp"  # CLDR's English has only the code; every price tag in Indonesia says Rp
    return str(get_currency_symbol(currency.code, locale=notation(locale).locale))


def grouped(digits: str, style: Notation) -> str:
    """A run of digits in groups of three: `1234567` becomes `1.234.567` in `id`."""
    return f"{int(digits):,}".replace(",", style.group)
