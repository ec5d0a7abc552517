"""The relay between an outbox and a broker that fails in every way: at least once, each stream in its order."""

import asyncio
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.desk.ports import Acknowledgement, BrokerCan, BrokerCapabilities, Message, Refusal
from tokolib.desk.relay import Relayed, relay
from tokolib.desk.relay_policy import NoWait, RelayPolicy
from tokolib.kernel.errors import InvalidInput, TokolibError
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import StoredEvent
from tokolib.kernel.storage_errors import Busy, Unavailable
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import AsyncFakeBroker, FakeBroker

HOUR = timedelta(hours=1)


@attrs.frozen
class Damaged(TokolibError):
    """A row that can't be read."""

    code = "tests.damaged"

    def __str__(self):
        return "can't be read"


def to_message(partition, stored):
    """A message with the stored bytes as they are."""
    if stored.payload == b"damaged":
        raise Damaged
    return Message(
        partition=partition,
        id=stored.id,
        topic=stored.topic,
        stream=stored.stream,
        seq=stored.seq,
        schema=1,
        at=stored.at,
        payload=stored.payload,
    )


class Yard:
    """An outbox, a fake broker, a clock, and the relay between them."""

    def __init__(self, *, asynchronous=False, policy=RelayPolicy(), **broker):  # noqa: B008 - frozen
        self.clock = ManualClock()
        self.fake = FakeBroker(**broker)
        self.broker = AsyncFakeBroker(self.fake) if asynchronous else self.fake
        self.policy = policy
        self._runner = asyncio.Runner() if asynchronous else None
        self.run = self._runner.run if self._runner else drive
        self.storage = AsyncMemoryStorage([]) if asynchronous else MemoryStorage([])

    @property
    def switches(self):
        return self.fake.switches

    def close(self):
        if self._runner:
            self._runner.close()

    def happen(self, stream, *seqs, payload=b"{}"):
        """Events come into a stream."""

        async def append():
            unit = await resolved(self.storage.begin("p"))
            rows = [StoredEvent(f"{stream}.{seq}", stream, seq, "t", payload, self.clock.now()) for seq in seqs]
            unit.append(stream, rows, expected=seqs[0] - 1)
            await resolved(unit.commit())

        self.run(append())

    def relay(self, limit=1000, storage=None):
        """One run of the relay."""
        return self.run(
            relay(
                storage or self.storage,
                "p",
                self.broker,
                to_message=to_message,
                now=self.clock.now,
                limit=limit,
                policy=self.policy,
            )
        )

    def dead(self):
        """The ids of the dead letters with what they ended with."""

        async def ask():
            return await resolved(self.storage.outbox("p").dead())

        return {letter.event.id: letter.error for letter in self.run(ask()).items}

    def waiting(self, later=timedelta(days=400)):
        """The ids of events that have still to go out, dead letters and what waits behind them left aside."""

        async def claim():
            now = self.clock.now() + later
            return await resolved(self.storage.outbox("p").claim(now=now, lease=HOUR, limit=10_000))

        return {claimed.event.id: claimed.tries for claimed in self.run(claim())}


@pytest.fixture(params=["blocking", "async"])
def yard(request):
    made = Yard(asynchronous=request.param == "async")
    yield made
    made.close()


def test_events_go_out_in_the_order_of_their_streams_once(yard):
    """What the broker acknowledged is marked, and the next run has nothing to do."""
    yard.happen("a", 1, 2, 3)
    yard.happen("b", 1)

    assert Relayed(4, 0, 0) == yard.relay()
    assert ["a.1", "a.2", "a.3"] == [id for id in yard.fake.delivered_ids if id.startswith("a")]
    assert Relayed(0, 0, 0) == yard.relay()
    assert 4 == len(yard.fake.delivered)
    assert {} == yard.waiting()


def test_a_run_stops_at_its_budget(yard):
    """A limit is kept across batches; the rest goes out with the next runs, and no call is larger than a batch."""
    yard.policy = RelayPolicy(batch=10)
    yard.happen("a", *range(1, 36))

    assert [25, 10, 0] == [yard.relay(25).published, yard.relay(25).published, yard.relay(25).published]
    assert [f"a.{seq}" for seq in range(1, 36)] == yard.fake.delivered_ids
    assert [10, 10, 5, 10] == [len(call) for call in yard.fake.calls]


def test_the_wait_doubles_up_to_its_cap(yard):
    """An event that the broker refuses is sent again after 10, 20, 40, ... seconds, and every five minutes at last."""
    yard.policy = RelayPolicy(tries=9)
    yard.happen("a", 1)
    yard.switches.refuse.add("a.1")
    waits, last = [], yard.clock.now()
    for _ in range(2000):
        if yard.relay().given_back:
            waits.append((yard.clock.now() - last).total_seconds())
            last = yard.clock.now()
        yard.clock.forward(seconds=1)

    assert [0, 10, 20, 40, 80, 160, 300, 300] == waits
    assert {"a.1": "refused: unknown topic"} == yard.dead()


def test_a_refused_event_is_buried_after_its_tries(yard):
    """A dead letter holds back its stream and no other, and says what the last try ended with."""
    yard.happen("a", 1, 2, 3)
    yard.switches.refuse.add("a.2")
    found = []
    for _ in range(10):
        found.append(yard.relay())
        yard.clock.forward(hours=1)
    yard.happen("b", 1)
    yard.happen("a", 4)

    assert [(1, 1, 0)] + [(0, 1, 0)] * 6 + [(0, 0, 1)] + [(0, 0, 0)] * 2 == [
        (each.published, each.given_back, each.buried) for each in found
    ]
    assert ("event a.2: refused: unknown topic; given up after 8 tries",) == found[7].failures
    assert {"a.2": "refused: unknown topic"} == yard.dead()
    assert 1 == yard.relay().published
    assert ["a.1", "b.1"] == yard.fake.delivered_ids


def test_one_event_over_which_the_broker_fails_takes_no_other_with_it(yard):
    """Among a thousand good ones the poisonous one is found, buried after its tries, and 999 go out."""
    for number in range(1000):
        yard.happen(f"s{number}", 1)
    yard.switches.fail_over.add("s500.1")
    runs = [yard.relay(2000)]
    while not runs[-1].buried and len(runs) < 20:
        yard.clock.forward(minutes=5)
        runs.append(yard.relay(2000))

    assert 999 == sum(run.published for run in runs) == len(yard.fake.delivered)
    assert "s500.1" not in yard.fake.delivered_ids
    assert {"s500.1": "LookupError: the broker's driver stumbles over s500.1"} == yard.dead()
    assert 8 == len(runs)
    assert {} == yard.waiting()


@pytest.mark.parametrize("switch", ["unreachable", "time_out_before", "time_out_after"])
def test_a_broker_that_is_away_is_waited_for(yard, switch):
    """However long it takes nothing is buried; a run asks three times and leaves it; then all goes out, in order."""
    yard.policy = RelayPolicy(batch=5)
    for stream in ("a", "b", "c"):
        yard.happen(stream, *range(1, 11))
    setattr(yard.switches, switch, 10**6)
    for _ in range(50):
        before = len(yard.fake.calls)
        assert 0 == yard.relay().published
        assert len(yard.fake.calls) - before <= 3
        yard.clock.forward(minutes=5)
    setattr(yard.switches, switch, 0)
    yard.clock.forward(minutes=5)

    assert {} == yard.dead()
    assert 30 == yard.relay().published
    for stream in ("a", "b", "c"):
        assert [f"{stream}.{seq}" for seq in range(1, 11)] == [
            id for id in yard.fake.delivered_ids if id.startswith(stream)
        ]


def test_a_broker_that_stays_away_costs_three_calls(yard):
    """Events that failed before are sent alone, and still a run doesn't wait for a time-out with each of them."""
    for number in range(20):
        yard.happen(f"s{number}", 1)
    yard.switches.unreachable = 10**6
    yard.relay()
    yard.clock.forward(minutes=5)
    before = len(yard.fake.calls)

    assert 3 == yard.relay().given_back
    assert [1, 1, 1] == [len(call) for call in yard.fake.calls[before:]]


def test_a_lost_acknowledgement_costs_a_second_delivery_and_no_order(yard):
    """What stands behind the unacknowledged one goes out again with it: a receiver without memory sees 1 2 3 1 2 3."""
    yard.fake.deduplicates = False
    yard.happen("a", 1, 2, 3)
    yard.happen("b", 1)
    yard.switches.lost_acknowledgements = 1
    first = yard.relay()
    yard.clock.forward(minutes=5)
    second = yard.relay()

    assert (1, 1, ("event a.1: the broker did not acknowledge it",)) == (
        first.published,
        first.given_back,
        first.failures,
    )
    assert 3 == second.published
    assert ["a.1", "a.2", "a.3"] * 2 == [id for id in yard.fake.delivered_ids if id.startswith("a")]


def test_a_broker_may_take_a_part(yard):
    """What it took is marked; the rest comes again, behind it."""
    yard.happen("a", 1, 2, 3)
    yard.switches.take_only = 2
    assert (2, 1) == (yard.relay().published, len(yard.fake.calls))
    yard.clock.forward(minutes=5)

    assert 1 == yard.relay().published
    assert ["a.1", "a.2", "a.3"] == yard.fake.delivered_ids


@pytest.mark.parametrize(("reason", "kept"), [("", "refused without a reason"), ("no room", "refused: no room")])
def test_a_refusal_is_one_with_and_without_a_reason(yard, reason, kept):
    """A broker that says no without saying why, as `str(TimeoutError())` does, has not taken the event."""
    yard.happen("a", 1)
    yard.switches.answer_instead = [Refusal("a.1", reason)]
    first = yard.relay()
    yard.switches.answer_instead = None
    yard.clock.forward(minutes=5)

    assert (0, 1, (f"event a.1: {kept}",)) == (first.published, first.given_back, first.failures)
    assert 1 == yard.relay().published


def test_a_refusal_outweighs_an_acknowledgement(yard):
    """A broker that says both of one message is not believed to have it."""
    yard.happen("a", 1)
    yard.switches.answer_instead = [Acknowledgement("a.1"), Refusal("a.1", "no room"), Acknowledgement("a.1")]

    assert (0, 1) == attrs.astuple(yard.relay())[:2]


@pytest.mark.parametrize("reason", [None, TimeoutError(), 0, False])
def test_a_reason_is_text(reason):
    """What is no text is told to whoever wrote the adapter, and is no refusal, nor anything else."""
    with pytest.raises(InvalidInput) as refused:
        Refusal("a.1", reason)
    assert ["reason"] == [fault.path for fault in refused.value.faults]


def raising(text):
    yield Acknowledgement("a.1")
    raise ZeroDivisionError(text)


@pytest.mark.parametrize(
    "answer",
    [7, ["a.1"], {"a.1": True}, "a.1", [None], raising("late"), [Acknowledgement("unknown")], [Acknowledgement(3)]],
    ids=["number", "ids", "mapping", "text", "nothing", "raising", "another", "no id"],
)
def test_an_answer_that_is_none_is_no_acknowledgement(yard, answer):
    """Whatever a broker answers, an event is marked only when it was acknowledged; else it goes out again."""
    yard.happen("a", 1)
    yard.switches.answer_instead = answer
    first = yard.relay()
    yard.switches.answer_instead = None
    yard.clock.forward(minutes=5)

    assert (0, 1, 0) == (first.published, first.given_back, first.buried)
    assert 1 == yard.relay().published


class Unsayable(Exception):
    def __str__(self):
        raise ValueError("no")


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (Unsayable(), "Unsayable"),
        (KeyError(), "KeyError"),
        (ValueError("a\x00b\ud800c\nd"), "ValueError: a b c d"),
        (RuntimeError("x" * 10_000), "RuntimeError: " + "x" * 185 + "…"),
        (StopIteration("early"), "StopIteration: early"),
        (ExceptionGroup("many", [OSError("x")]), "ExceptionGroup: many (1 sub-exception)"),
    ],
    ids=["unsayable", "empty", "unprintable", "long", "stop", "group"],
)
def test_whatever_a_broker_raises_is_kept_as_one_line(error, kept):
    """An error is told by its class and text, printable and short, so that every storage can keep it."""

    class Raising:
        def publish(self, messages):
            raise error

    yard = Yard(policy=RelayPolicy(tries=1))
    yard.broker = Raising()
    yard.happen("a", 1)
    yard.happen("b", 1)
    assert (0, 2, 0) == attrs.astuple(yard.relay())[:3]
    yard.clock.forward(minutes=5)

    assert (0, 0, 2) == attrs.astuple(yard.relay())[:3]
    assert {"a.1": kept, "b.1": kept} == yard.dead()


@pytest.mark.parametrize("error", [TimeoutError("slow"), ConnectionResetError(), OSError("no route")], ids=type)
def test_an_adapter_may_let_a_lost_connection_through(error):
    """A time-out or a lost connection that wasn't translated is still a broker that is away: nothing is buried."""

    class Raising:
        def publish(self, messages):
            raise error

    yard = Yard(policy=RelayPolicy(tries=1))
    yard.broker = Raising()
    yard.happen("a", 1)
    for _ in range(20):
        assert (0, 1, 0) == attrs.astuple(yard.relay())[:3]
        yard.clock.forward(minutes=5)
    assert {"a.1": 20} == yard.waiting()


def test_a_damaged_row_is_buried_at_once(yard):
    """Another try would read the same; what came before it in its stream goes out, what stands behind it waits."""
    yard.happen("a", 1)
    yard.happen("a", 2, payload=b"damaged")
    yard.happen("a", 3)
    yard.happen("b", 1)

    assert Relayed(2, 0, 1, ("event a.2: Damaged: can't be read; given up after 1 try",)) == yard.relay()
    assert ["a.1", "b.1"] == sorted(yard.fake.delivered_ids)
    assert {"a.2": "Damaged: can't be read"} == yard.dead()


def test_an_event_that_is_too_large_is_buried_at_once(yard):
    """The broker is never asked to take more than it says; revived, an event goes out once it takes so much."""
    yard.fake.max_payload = 10
    yard.happen("a", 1, payload=b"x" * 10)
    yard.happen("a", 2, payload=b"x" * 11)
    yard.happen("a", 3)
    yard.happen("b", 1)

    said = "too large: 11 bytes, of 10 at most"
    assert Relayed(2, 0, 1, (f"event a.2: {said}; given up after 1 try",)) == yard.relay()
    assert [("a.1", "b.1")] == [tuple(sorted(call)) for call in yard.fake.calls]
    assert {"a.2": said} == yard.dead()
    assert Relayed(0, 0, 0) == yard.relay()

    yard.fake.max_payload = 11
    yard.run(_revived(yard))
    yard.clock.forward(minutes=5)
    assert 2 == yard.relay().published
    assert ["a.1", "a.2", "a.3"] == [id for id in yard.fake.delivered_ids if id.startswith("a")]


async def _revived(yard):
    await resolved(yard.storage.outbox("p").revive(["a.2"], now=yard.clock.now()))


def test_a_broker_that_cant_tell_its_capabilities_is_still_sent_to():
    """It may have to be asked over a wire, and refuses by itself what it can't take."""

    class Silent(FakeBroker):
        @property
        def capabilities(self):
            raise ConnectionResetError

    yard = Yard()
    yard.broker = Silent()
    yard.happen("a", 1)
    assert 1 == yard.relay().published


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"max_payload": "x", "lacks": None}, ["max_payload", "lacks"]),
        ({"max_payload": 0}, ["max_payload"]),
        ({"max_payload": True}, ["max_payload"]),
        ({"max_payload": 1.5}, ["max_payload"]),
        ({"max_payload": 9, "lacks": {"speed": "slow"}}, ["lacks"]),
        ({"max_payload": 9, "lacks": {BrokerCan.DEDUPLICATE: " "}}, ["lacks[deduplicate]"]),
        ({"max_payload": 9, "lacks": {BrokerCan.DEDUPLICATE: None}}, ["lacks[deduplicate]"]),
    ],
)
def test_capabilities_are_numbers_and_reasons(given, paths):
    """All faults at once, where the adapter states them."""
    with pytest.raises(InvalidInput) as refused:
        BrokerCapabilities(**given)
    assert paths == [fault.path for fault in refused.value.faults]


class Crash(BaseException):
    """The process dies."""


class Faulty:
    """A storage whose outbox raises, before the call or after it, as often as it was told."""

    def __init__(self, inner, method, *errors, after=False):
        self._inner, self._method, self._errors, self._after = inner, method, list(errors), after
        self.pauses = 0

    def pause(self, attempt):
        self.pauses += 1

    def outbox(self, partition):
        return Outbox(self, self._inner.outbox(partition))


class Outbox:
    def __init__(self, storage, inner):
        self._storage, self._inner = storage, inner

    def __getattr__(self, name):
        def call(*args, **kwargs):
            storage = self._storage
            fails = name == storage._method and storage._errors
            if fails and not storage._after:
                raise storage._errors.pop(0)
            answer = getattr(self._inner, name)(*args, **kwargs)
            if fails:
                raise storage._errors.pop(0)
            return answer

        return call


@pytest.mark.parametrize("method", ["claim", "done"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_anywhere_loses_nothing(method, after):
    """Delivered twice at worst, and in order: the relay dies between claim, publish and mark, and another goes on."""
    yard = Yard(deduplicates=False)
    yard.happen("a", 1, 2)
    with pytest.raises(Crash):
        yard.relay(storage=Faulty(yard.storage, method, Crash(), after=after))
    yard.clock.forward(minutes=1)
    yard.relay()

    twice = method == "done" and not after
    assert ["a.1", "a.2"] * (2 if twice else 1) == yard.fake.delivered_ids
    assert {} == yard.waiting()


def test_a_busy_storage_is_asked_again_and_a_broken_one_is_not():
    """A retryable error costs a pause; any other is raised, with everything still to go out."""
    yard = Yard()
    yard.happen("a", 1)
    busy = Faulty(yard.storage, "done", Busy("x"), Busy("x"))
    assert (1, 2) == (yard.relay(storage=busy).published, busy.pauses)

    yard.happen("b", 1)
    with pytest.raises(Unavailable):
        yard.relay(storage=Faulty(yard.storage, "done", Unavailable("gone")))
    with pytest.raises(Busy):
        yard.relay(storage=Faulty(yard.storage, "claim", *[Busy("x")] * 8))
    yard.clock.forward(minutes=1)
    assert 1 == yard.relay().published


def test_a_lease_that_ran_out_ends_the_run(yard):
    """A broker slower than the lease: the rest of the claim isn't sent, for another relay may have it by now."""
    yard.policy = RelayPolicy(first_wait=timedelta(seconds=1))
    for stream in ("a", "b", "c"):
        yard.happen(stream, 1)
    yard.switches.unreachable = 1
    yard.relay()
    yard.clock.forward(seconds=1)  # each is sent alone now

    class Slow:
        def publish(self, messages):
            yard.clock.forward(seconds=61)
            return yard.fake.publish(messages)

    yard.broker = Slow()
    first = yard.relay(3)

    assert 1 == first.published == len(yard.fake.delivered)
    assert 2 == yard.relay(100).published
    assert ["a.1", "b.1", "c.1"] == sorted(yard.fake.delivered_ids)


def test_two_relays_at_once_send_each_event_once():
    """A relay that starts while another one publishes gets what is left."""
    yard = Yard(deduplicates=False)
    for stream in ("a", "b", "c", "d"):
        yard.happen(stream, 1)
    inner = yard.fake.publish
    found = []

    class Meanwhile:
        def publish(self, messages):
            yard.broker = yard.fake
            found.append(yard.relay())
            return inner(messages)

    yard.broker = Meanwhile()
    found.append(yard.relay(2))

    assert [2, 2] == [each.published for each in found]
    assert ["a.1", "b.1", "c.1", "d.1"] == sorted(yard.fake.delivered_ids)


FAULTS = st.sampled_from(
    ["unreachable", "time_out_before", "time_out_after", "lost_acknowledgements", "take_only", "refuse", "fail_over"]
)


@given(
    steps=st.lists(st.tuples(FAULTS, st.integers(1, 4), st.integers(0, 400)), max_size=15),
    streams=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    batch=st.integers(1, 5),
)
def test_whatever_goes_wrong_every_event_arrives_in_order(steps, streams, batch):
    """The law: each stream comes as it happened, whole, once its broker is well again; nothing is lost or skipped."""
    yard = Yard(policy=RelayPolicy(batch=batch, tries=3))
    names = [f"s{number}" for number in range(len(streams))]
    for name, count in zip(names, streams, strict=True):
        yard.happen(name, *range(1, count + 1))
    for fault, amount, seconds in steps:
        if fault in ("refuse", "fail_over"):
            getattr(yard.switches, fault).add(f"s{amount % len(streams)}.{amount}")
        else:
            setattr(yard.switches, fault, amount)
        yard.relay(10)
        yard.clock.forward(seconds=seconds)
        _in_order(yard, names)

    yard.fake.switches = type(yard.switches)()
    yard.run(_revive(yard))
    for _ in range(20):
        yard.clock.forward(minutes=5)
        yard.relay(10)
    happened = [f"{name}.{seq}" for name, count in zip(names, streams, strict=True) for seq in range(1, count + 1)]
    assert sorted(happened) == sorted(yard.fake.delivered_ids)
    _in_order(yard, names)
    assert {} == yard.waiting()
    assert {} == yard.dead()


def _in_order(yard, names):
    for name in names:
        found = [message.seq for message in yard.fake.delivered if message.stream == name]
        assert list(range(1, len(found) + 1)) == found


async def _revive(yard):
    yard.storage.outbox("p").revive(list(yard.dead()), now=yard.clock.now())


def test_a_policy_names_every_fault():
    """Counts are whole and above zero, times are timedeltas above zero: all faults come at once."""
    with pytest.raises(InvalidInput) as refused:
        RelayPolicy(tries=0, batch=True, first_wait=10, longest_wait=timedelta(0), lease=timedelta(days=999))
    assert ["tries", "batch", "first_wait", "longest_wait", "lease"] == [fault.path for fault in refused.value.faults]


@given(tries=st.integers(1, 10**6), first=st.integers(1, 10**6), more=st.integers(0, 10**6))
def test_a_wait_lies_between_the_first_and_the_longest(tries, first, more):
    """It never falls with the tries, and stops at the longest."""
    policy = RelayPolicy(first_wait=timedelta(seconds=first), longest_wait=timedelta(seconds=first + more))
    wait = policy.wait(tries)

    assert policy.first_wait <= wait <= policy.longest_wait
    assert wait <= policy.wait(tries + 1)
    assert policy.first_wait == policy.wait(1)


def test_the_longest_wait_is_no_shorter_than_the_first():
    """One of a second would make the first wait, of ten, a word without a meaning."""
    with pytest.raises(InvalidInput, match="must not be shorter than first_wait, 0:00:10 @ longest_wait"):
        RelayPolicy(longest_wait=timedelta(seconds=1))
    assert timedelta(seconds=10) == RelayPolicy(longest_wait=timedelta(seconds=10)).wait(5)


class Waits(RelayPolicy):
    """A policy of the host's own, which answers what `answer` says."""

    answer: object = None

    def wait(self, tries):
        return self.answer


@pytest.mark.parametrize("answer", [None, 5, timedelta(0), timedelta(seconds=-1), timedelta.max])
def test_a_policy_that_names_no_wait_is_told_so(answer):
    """The relay says which policy answered what; the event is lost no more than in a crash, and others went out."""
    yard = Yard()
    yard.policy = type("Waits", (Waits,), {"answer": answer})()
    yard.happen("a", 1)
    yard.happen("b", 1)
    yard.switches.refuse.add("a.1")
    with pytest.raises(NoWait) as refused:
        yard.relay()

    assert ("Waits", 1) == (refused.value.policy, refused.value.tries)
    assert ["b.1"] == yard.fake.delivered_ids
    assert {"a.1": 0} == yard.waiting()


def test_a_policy_of_the_hosts_own_is_obeyed():
    """One that waits a quarter of an hour each time is asked, and its answer is what the event waits."""
    yard = Yard()
    yard.policy = type("Waits", (Waits,), {"answer": timedelta(minutes=15)})()
    yard.happen("a", 1)
    yard.switches.unreachable = 1
    assert 1 == yard.relay().given_back
    yard.clock.forward(minutes=14)
    assert 0 == yard.relay().published
    yard.clock.forward(minutes=1)

    assert 1 == yard.relay().published
