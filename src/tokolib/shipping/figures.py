"""Figures that a shop sets: grams and minor units, always whole numbers. A float or a text never becomes one.

And values of any type, as the errors about them need them.
"""

from tokolib.kernel.errors import shortened, shown
from tokolib.kernel.money import LARGEST
from tokolib.shipping.errors import InvalidMethod


def named(value: object) -> str:
    """*value* as an error repeats it, whatever it is."""
    return shortened(value) if isinstance(value, str) else shown(value)


def text_of(value: object) -> str:
    """*value* if it is text; otherwise none."""
    return value if isinstance(value, str) else ""


def check_whole(name: str, figure: object, *, least: int = 0) -> None:
    """Pass for a whole number from *least* to the largest that books hold.

    Raises:
        InvalidMethod: it isn't; the figure goes by its *name*.
    """
    if type(figure) is not int or not least <= figure <= LARGEST:
        raise InvalidMethod(name, named(figure), f"is a whole number, from {least} to {LARGEST:,}")
