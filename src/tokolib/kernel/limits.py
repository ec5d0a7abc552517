"""How much of anything is accepted."""

from typing import Final

import attrs

from tokolib.kernel.setting_faults import number_fault, refuse_faults

LARGEST_LIMIT: Final = 10**9
"""No limit counts more."""


@attrs.frozen
class Limits:
    """How much of anything is accepted, so that no input can exhaust a host."""

    cart_lines: int = 500
    """Lines of one cart, and charges that are put on one quote by hand."""
    line_quantity: int = 1_000_000
    """Steps in one cart line."""
    import_rows: int = 50_000
    """Rows of one CSV file."""
    import_cell: int = 64 * 1024
    """Characters in one CSV cell."""
    import_bytes: int = 100 * 1024 * 1024
    """Bytes of one CSV file."""
    page: int = 200
    """The most that one page of a list answers."""
    name_length: int = 300
    """Characters of a product's name."""
    variants: int = 500
    """Variants of one product."""
    promotions_per_cart: int = 100
    """Coupons that one cart may carry."""
    evaluations: int = 250_000
    """Comparisons of conditions with facts that pricing one cart may take."""
    combinations: int = 500
    """Sets of promotions that are tried for one cart where the best is looked for; then the best of these holds."""

    def __attrs_post_init__(self) -> None:
        refuse_faults(tuple(number_fault(self, field.name, LARGEST_LIMIT) for field in attrs.fields(Limits)))
