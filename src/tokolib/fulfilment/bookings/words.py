"""What a person says of a booking that waits or is doubtful."""

import attrs

from tokolib.effects.model import Details
from tokolib.fulfilment.couriers.model import Booked
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.lines import line


@attrs.frozen
class Word:
    """What was found at the courier, or why there is nothing."""

    failure: str = ""
    reference: str = ""
    details: Details = ()


def word_on(found: Booked | None, failure: str) -> Word:
    """What was *found*, or that there is none for a *failure*.

    Raises:
        InvalidInput: neither or both, or text that can't be kept.
    """
    why = line("failure", failure)
    if (found is None) is not bool(why):
        raise InvalidInput((Fault("found", "fulfilment.one_word", "must be given, or a failure, and not both"),))
    if found is None:
        return Word(failure=why)
    return Word(reference=line("reference", found.reference, required=True), details=found.details)
