"""What of a refund is kept only as long as goods stay."""

from typing import Final

import attrs

CLAW_BACK: Final = "claw_back"
"""A discount on goods that stay and no longer earn it."""
GIFT: Final = "gift"
"""A gift that stays and is no longer earned."""


@attrs.frozen
class Clawed:
    """What is kept for a promotion that the goods that stay no longer earn: it is given back if they come back too."""

    kind: str
    """`claw_back`, `gift`."""
    promotion_id: str
    label: str
    amount: int
