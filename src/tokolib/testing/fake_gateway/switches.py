"""Switches for what goes wrong at the fake provider."""

import attrs


@attrs.define
class Switches:
    """What goes wrong next. Counters count down with each call that they spoil."""

    decline: int = 0
    """The next charges and refunds are definitely refused; what was taken before and is known isn't."""
    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    unvoidable: int = 0
    """The next voids are definitely refused, as for a code that is on its way to the bank."""
    hidden: int = 0
    """The next look-ups don't see anything yet."""
    webhooks_twice: bool = False
    out_of_order: bool = False
    """Webhooks come newest first."""
    late: int = 0
    """So many calls of `webhooks()` deliver nothing."""
