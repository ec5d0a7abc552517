"""The relay: takes committed events from the outbox to a broker, at least once, each stream in its order.

An event is claimed under a lease, published, and marked done once the broker has acknowledged it. Whatever fails in
between, the event goes out again: a crash costs a second delivery under the same id, and never an event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.desk.patience import patiently
from tokolib.desk.ports import Acknowledgement, Broker, Message, Refusal
from tokolib.desk.relay_policy import RelayPolicy, wait_of
from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.kernel.errors import TokolibError, shortened, shown
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Claimed, StoredEvent
from tokolib.kernel.storage import Outbox, Storage

ToMessage = Callable[[str, StoredEvent], Message]
"""Makes the message of a partition's event; a `TokolibError` when its row can't be read."""

SILENT_CALLS: Final = 3
"""So many calls in a row that the broker didn't answer end a run: it is away, and every call may cost a time-out."""
LONGEST_REASON: Final = 200


@attrs.frozen
class Relayed:
    """What one run of the relay did."""

    published: int
    """Events that the broker has acknowledged."""
    given_back: int
    """Events to be sent again later."""
    buried: int
    """Events that were given up: dead letters, which wait for somebody's decision, and their streams with them."""
    failures: tuple[str, ...] = ()
    """Why, for each event that was given back or buried."""


async def relay(
    storage: Storage,
    partition: str,
    broker: Broker,
    *,
    to_message: ToMessage,
    now: Callable[[], datetime],
    limit: int,
    policy: RelayPolicy,
) -> Relayed:
    """Send on at most *limit* events of *partition* that are due. Several relays at once do no harm.

    One that is larger than the broker's `max_payload`, or can't be read, is buried at once: another try would find the
    same. Whatever the broker raises or answers, other events go on, and `failures` tells of it.

    Raises:
        StorageError: the outbox can't be read, or what was published can't be marked; then it goes out again.
        NoWait: *policy* answers no time to wait for an event that didn't go out.
    """
    run = _Run(storage, partition, broker, to_message, now, policy, _largest(broker))
    left = limit
    while left > 0 and run.silent < SILENT_CALLS:
        claimed = await run.turn(min(left, policy.batch))
        if not claimed:
            break
        left -= claimed
    return Relayed(run.published, run.given_back, run.buried, tuple(run.failures))


@attrs.define
class _Run:
    """One run of the relay: what it works with, and what it has done."""

    storage: Storage
    partition: str
    broker: Broker
    to_message: ToMessage
    now: Callable[[], datetime]
    policy: RelayPolicy
    largest: int | None
    """Bytes that the broker takes; None when it can't say, and refuses by itself."""
    published: int = 0
    given_back: int = 0
    buried: int = 0
    failures: list[str] = attrs.Factory(list)
    silent: int = 0
    """Calls in a row that took nothing and refused nothing."""

    @property
    def outbox(self) -> Outbox:
        return self.storage.outbox(self.partition)

    async def turn(self, most: int) -> int:
        """Claim at most *most* events, send them and note what became of each; how many there were."""
        start = self.now()
        claimed = await patiently(
            self.storage, lambda: self.outbox.claim(now=start, lease=self.policy.lease, limit=most)
        )
        stuck: set[str] = set()
        for batch in _batches(claimed):
            if self.silent >= SILENT_CALLS or self.now() >= start + self.policy.lease:
                break  # the rest comes again when its lease has ended
            await self._send(batch, stuck)
        return len(claimed)

    async def _send(self, batch: Sequence[Claimed], stuck: set[str]) -> None:
        """Publish *batch* without what is behind a *stuck* event, and add the streams that are stuck from now on."""
        messages: list[tuple[Claimed, Message]] = []
        for each in batch:
            if each.event.stream not in stuck:
                try:
                    message = self.to_message(self.partition, each.event)
                except TokolibError as error:  # its row is damaged
                    stuck.add(each.event.stream)
                    await self._bury(each, _said(error))
                    continue
                if self.largest is not None and len(message.payload) > self.largest:
                    stuck.add(each.event.stream)
                    await self._bury(each, f"too large: {len(message.payload)} bytes, of {self.largest} at most")
                else:
                    messages.append((each, message))
        if messages:
            answer = await self._publish([message for _, message in messages])
            stuck |= await self._note(messages, answer)

    async def _publish(self, messages: Sequence[Message]) -> "_Answer":
        try:
            answer = _understood(await resolved(self.broker.publish(messages)))
        except Exception as error:  # noqa: BLE001 - whatever a broker raises, it must not stop the other events
            answer = _Answer(error=error)
        self.silent = 0 if answer.taken or answer.refused else self.silent + 1
        return answer

    async def _note(self, messages: Sequence[tuple[Claimed, Message]], answer: "_Answer") -> set[str]:
        """Store what became of *messages*; the streams in which one didn't go out."""
        done: list[str] = []
        failed: dict[str, Claimed] = {}
        for claimed, message in messages:
            if message.stream in failed:
                continue  # the broker may have it, yet it goes out again, behind the one before it
            if message.id in answer.taken:
                done.append(message.id)
            else:
                failed[message.stream] = claimed
        if done:
            at = self.now()
            await patiently(self.storage, lambda: self.outbox.done(done, now=at))
            self.published += len(done)
        for claimed in failed.values():
            reason, guilty = answer.about(claimed.event.id, alone=len(messages) == 1)
            if guilty and claimed.tries + 1 >= self.policy.tries:
                await self._bury(claimed, reason)
            else:
                await self._give_back(claimed, reason)
        return set(failed)

    async def _give_back(self, claimed: Claimed, reason: str) -> None:
        id, at = claimed.event.id, self.now() + wait_of(self.policy, claimed.tries + 1)
        await patiently(self.storage, lambda: self.outbox.retry(id, at=at, error=reason))
        self.given_back += 1
        self.failures.append(f"event {id}: {reason}")

    async def _bury(self, claimed: Claimed, reason: str) -> None:
        id, at = claimed.event.id, self.now()
        await patiently(self.storage, lambda: self.outbox.bury(id, now=at, error=reason))
        self.buried += 1
        tries = "1 try" if claimed.tries == 0 else f"{claimed.tries + 1} tries"
        self.failures.append(f"event {id}: {reason}; given up after {tries}")


def _largest(broker: Broker) -> int | None:
    try:
        return broker.capabilities.max_payload
    except Exception:  # noqa: BLE001 - it may be asked over a wire, and publishing tells the rest
        return None


def _batches(claimed: Sequence[Claimed]) -> Iterator[list[Claimed]]:
    """Events in their order: those sent for the first time together, one that failed before by itself.

    So an event over which the broker fails takes no other with it twice, and is known as the one.
    """
    together: list[Claimed] = []
    for each in claimed:
        if each.tries == 0:
            together.append(each)
            continue
        if together:
            yield together
        yield [each]
        together = []
    if together:
        yield together


@attrs.frozen
class _Answer:
    """What a broker said of a batch, or raised instead."""

    taken: frozenset[str] = frozenset()
    refused: Mapping[str, str] = attrs.Factory(dict)
    error: Exception | None = None

    def about(self, id: str, *, alone: bool) -> tuple[str, bool]:
        """Why an event didn't go out, and whether that is its own fault."""
        if id in self.refused:
            return self.refused[id], True
        if self.error is None:
            return "the broker did not acknowledge it", alone
        return _said(self.error), alone and not _is_away(self.error)


def _understood(answer: object) -> _Answer:
    """A broker's answer.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(answer, Iterable):
        raise TypeError(f"the broker answered {shown(answer)}, which is no list of acknowledgements")
    taken, refused = set[str](), dict[str, str]()
    for each in answer:
        match each:
            case Acknowledgement():
                taken.add(each.id)
            case Refusal():
                refused[each.id] = _printable(f"refused: {each.reason}") if each.reason else "refused without a reason"
            case _:
                raise TypeError(f"the broker answered {shown(each)}, which is no acknowledgement")
    return _Answer(frozenset(taken - refused.keys()), refused)


def _is_away(error: Exception) -> bool:
    """Whether *error* says nothing of a message: the broker was not reached, or gave no answer."""
    if isinstance(error, OutsideError):
        return error.means is not EffectState.FAILED
    return isinstance(error, OSError)  # an adapter that let a time-out or a lost connection through


def _said(error: Exception) -> str:
    """*error* in one line, as storages keep it; one that fails to say anything is known by its class."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - it comes from outside, and may be anything
        text = ""
    return _printable(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _printable(text: str) -> str:
    return shortened("".join(each if each.isprintable() else " " for each in text), LONGEST_REASON)
