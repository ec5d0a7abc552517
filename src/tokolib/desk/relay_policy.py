"""How patient a relay is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown

_LONGEST: Final = timedelta(days=365)
_COUNTS: Final[Mapping[str, int]] = {"tries": 10**6, "batch": 10**4}
_TIMES: Final = ("first_wait", "longest_wait", "lease")


@attrs.frozen(kw_only=True)
class RelayPolicy:
    """How patient a relay is. The wait doubles with each try, without luck: one relay has nobody to collide with.

    An event is given up only for what is its own fault: the broker refused it, or failed over it when it was sent
    alone. A broker that is away (`OutsideError`s but the definite ones, and `OSError`s) is waited for, however long.

    Raises:
        InvalidInput: a number below 1 or beyond reason, a time that isn't longer than none, or longer than a year, or a
            *longest_wait* that is shorter than *first_wait*.
    """

    tries: int = 8
    """How often an event is sent before it becomes a dead letter: with these waits, for a quarter of an hour."""
    first_wait: timedelta = timedelta(seconds=10)
    """How long an event waits after the first try that failed."""
    longest_wait: timedelta = timedelta(minutes=5)
    """How long it waits at most: a broker that was away is found well again this soon."""
    batch: int = 100
    """How many events one call of the broker takes, and one claim holds in memory."""
    lease: timedelta = timedelta(minutes=1)
    """How long claimed events are nobody else's: more than the broker needs for a batch."""

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault(name, "outbox.bad_policy", f"must be a whole number, 1 to {most}", shown(value))
            for name, most in _COUNTS.items()
            if type(value := getattr(self, name)) is not int or not 0 < value <= most
        ]
        faults += [
            Fault(name, "outbox.bad_policy", "must be a timedelta, above zero and up to a year", shown(value))
            for name in _TIMES
            if type(value := getattr(self, name)) is not timedelta or not timedelta(0) < value <= _LONGEST
        ]
        if not faults and self.longest_wait < self.first_wait:
            message = f"must not be shorter than first_wait, {self.first_wait}"
            faults.append(Fault("longest_wait", "outbox.bad_policy", message, str(self.longest_wait)))
        if faults:
            raise InvalidInput(tuple(faults))

    def wait(self, tries: int) -> timedelta:
        """How long an event waits that was sent *tries* times."""
        waited = self.first_wait
        for _ in range(1, tries):
            if waited >= self.longest_wait:
                break
            waited *= 2
        return min(waited, self.longest_wait)


@attrs.frozen
class NoWait(TokolibError):
    """A relay policy of the host's own answered no time to wait. The event stays claimed until its lease has ended."""

    code: ClassVar[str] = "outbox.no_wait"
    status: ClassVar[int] = 500
    policy: str
    tries: int
    answer: str

    def __str__(self) -> str:
        tries = "1 try" if self.tries == 1 else f"{self.tries} tries"
        return f"the relay policy {self.policy} answered {self.answer} for the wait after {tries}"

    @property
    def hint(self) -> str:
        return "let its wait() return a timedelta, above zero and up to a year"


def wait_of(policy: RelayPolicy, tries: int) -> timedelta:
    """What *policy* says of an event that was sent *tries* times.

    Raises:
        NoWait: nothing that can be waited.
    """
    answer: object = policy.wait(tries)
    if isinstance(answer, timedelta) and timedelta(0) < answer <= _LONGEST:
        return answer
    raise NoWait(type(policy).__name__, tries, shown(answer))
