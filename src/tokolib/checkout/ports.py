"""What checkout keeps: quotes, made once."""

from typing import Protocol

from tokolib.checkout.model import Quote
from tokolib.kernel.unit import Port, Repository


class Quotes(Repository[Quote], Protocol):
    """The quotes of the shop, by id."""


QUOTES: Port[Quotes] = Port("quotes")
