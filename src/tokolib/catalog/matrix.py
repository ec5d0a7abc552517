"""The option matrix: all variants of a product, with SKUs that cannot collide.

Why no two can: an option's values get codes that differ by key and have no hyphen in them, and a SKU is the
base followed by one code for each option, each behind a hyphen. Read from its end, a SKU gives back its codes,
and the codes give back the values; so two different choices never share a SKU.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import ClassVar, Final

import attrs

from tokolib.catalog.drafts import VariantDraft
from tokolib.catalog.errors import InvalidOptions
from tokolib.catalog.sku import key, spelling
from tokolib.kernel.annotations import faults_within
from tokolib.kernel.errors import InvalidInput

MOST_VARIANTS: Final = 500


@attrs.frozen
class _Given:
    """The arguments, with the types that they must have."""

    reads_texts: ClassVar[bool] = True
    base: str
    options: Mapping[str, Sequence[str]]
    codes: Mapping[str, str] | None
    most: int


def variants(
    base: str,
    options: Mapping[str, Sequence[str]],
    *,
    codes: Mapping[str, str] | None = None,
    most: int = MOST_VARIANTS,
) -> tuple[VariantDraft, ...]:
    """One variant draft for each combination of *options*, in their order: `KAOS-MERAH-L`, `KAOS-MERAH-XL`, ...

    *codes* gives a value the code to use in the SKU (`{"Merah": "RED"}`); otherwise it is made of its letters and
    digits. Where two codes of one option would be the same, the later gets a number.

    Raises:
        InvalidOptions: an option without values or with one twice, or more than *most* combinations.
        InvalidSku: a SKU would be too long or malformed.
        InvalidInput: an argument is of another type, one text in the place of an option's values among them.
    """
    if faults := tuple(faults_within("", _Given(base, options, codes, most))):
        raise InvalidInput(faults)
    _check(base, options, most)
    named = [[(name, value) for value in values] for name, values in options.items()]
    tables = {name: _codes(values, codes or {}) for name, values in options.items()}
    return tuple(
        VariantDraft(spelling("-".join([base.strip(), *(tables[name][value] for name, value in choice)])), dict(choice))
        for choice in product(*named)
    )


def _check(base: str, options: Mapping[str, Sequence[str]], most: int) -> None:
    for name, values in options.items():
        if not values or len(set(values)) != len(values):
            raise InvalidOptions(base, f"option {name!r} needs values, each once")
    count = prod(len(values) for values in options.values())
    if count > most:
        raise InvalidOptions(base, f"the options make {count} combinations; at most {most} are kept")


def _codes(values: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """A code for each value, no two with one key."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for value in values:
        code = stem = _letters(given.get(value, value)) or "X"
        number = 1
        while key(code) in taken:
            number += 1
            code = f"{stem}{number}"
        taken.add(key(code))
        found[value] = code
    return found


def _letters(text: str) -> str:
    return "".join(character for character in key(text).upper() if character.isalnum())
