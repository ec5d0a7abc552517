"""What happens to a quote: it is made, once."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event


@attrs.frozen
class QuoteMade(Event):
    """A cart was quoted; the quote never changes after this."""

    topic: ClassVar[str] = "checkout.quote_made"
    quote_id: str
    cart_id: str
    hash: str
    total: int
