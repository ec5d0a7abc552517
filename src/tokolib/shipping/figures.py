"""Figures that a shop sets: grams and minor units, always whole numbers. A float or a text never becomes one."""

from tokolib.kernel.money import LARGEST
from tokolib.shipping.errors import InvalidMethod


def check_whole(name: str, figure: object, *, least: int = 0) -> None:
    """Pass for a whole number from *least* to the largest that books hold.

    Raises:
        InvalidMethod: it isn't; the figure goes by its *name*.
    """
    if type(figure) is not int or not least <= figure <= LARGEST:
        raise InvalidMethod(name, str(figure)[:40], f"is a whole number, from {least} to {LARGEST:,}")
