"""Which fields of a value are about a person: marked where they are declared, so that none is forgotten.

An export, an erasure and a log filter walk the marks; nobody keeps a second list.
"""

from collections.abc import Mapping
from typing import Final

import attrs

PERSONAL: Final[Mapping[str, bool]] = {"personal": True}
"""The metadata of a personal field: `attrs.field(metadata=PERSONAL)`.

What counts as personal: UU 27/2022 (Indonesia), art. 4; Regulation (EU) 2016/679, art. 4(1).
"""


def personal_fields(cls: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    """The names of the personal fields of an attrs class, in the order of their declaration."""
    return tuple(field.name for field in attrs.fields(cls) if field.metadata.get("personal"))
