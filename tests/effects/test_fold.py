"""The fold of observations into one operation: a join, so order, duplicates and clocks don't matter."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.effects.keys import KeyTooLong, Wished, idempotency_key, intent_of, operation_id, read_key, requested_as
from tokolib.effects.lifecycle import OPERATION, fold, is_open, leased, mismatch, presumed_sent
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.effects.resend import FIRST_WAIT, LEASE, LONGEST_WAIT, Dedupe, Resend, Terms, resend, wait
from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.ids import OperationId
from tokolib.kernel.money import IDR, USD

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
CHARGE = Operation(
    id=OperationId("int_1.1"),
    kind=EffectKind.CHARGE,
    provider="fake",
    intent="int_1",
    subject="ord_1",
    amount=IDR(100_000),
    attempt=1,
    key="int_1.1.1",
    requested_at=NOW,
)

observations = st.builds(
    Observation,
    provider=st.just("fake"),
    kind=st.just(EffectKind.CHARGE),
    state=st.sampled_from(EffectState),
    amount=st.just(IDR(100_000)),
    occurred_at=st.datetimes(timezones=st.just(UTC)),
    source=st.sampled_from(Source),
    reference=st.sampled_from(["", "r-1", "r-2"]),
    sequence=st.integers(0, 2),
    failure=st.sampled_from(["", "a", "b"]),
    details=st.sampled_from([(), (("kind", "va"), ("code", "1")), (("kind", "qr"), ("code", "2"))]),
)


def seen(state, **changed):
    return Observation(
        **{
            "provider": "fake",
            "kind": EffectKind.CHARGE,
            "state": state,
            "amount": IDR(100_000),
            "occurred_at": NOW,
            "source": Source.ANSWER,
        }
        | changed
    )


def folded(facts, operation=CHARGE):
    for each in facts:
        operation = fold(operation, each)
    return operation


@given(st.lists(observations, max_size=8).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_fold_does_not_depend_on_order(pair):
    """Any permutation of the same observations gives the same operation."""
    facts, shuffled = pair

    assert folded(facts) == folded(shuffled)


@given(st.lists(observations, max_size=6), st.data())
def test_the_fold_does_not_depend_on_duplicates(facts, data):
    """Saying a fact again, by another source at another time, changes nothing."""
    again = data.draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else []
    told_late = [attrs.evolve(each, source=Source.QUERY, occurred_at=NOW, raw_digest="x") for each in again]

    assert folded([*facts, *told_late]) == folded(facts)


@given(st.lists(observations, max_size=8))
def test_every_move_is_an_edge_of_the_table(facts):
    """The state moves along declared edges only, and a lease is one of them."""
    states = [CHARGE.state]
    operation = CHARGE
    for each in facts:
        operation = fold(operation, each)
        states.append(operation.state)

    for before, after in pairwise(states):
        assert before == after or after in OPERATION.moves[before]


def test_every_edge_is_taken_by_some_facts():
    """No edge of the table is dead: two facts, or a lease and a fact, walk it."""
    taken = set()
    for first in EffectState:
        for second in EffectState:
            for sequence in (0, 1):
                once = fold(CHARGE, seen(first))
                twice = fold(once, seen(second, sequence=sequence, failure="x"))
                taken |= {(CHARGE.state, once.state), (once.state, twice.state)}

    assert {(before, after) for before, afters in OPERATION.moves.items() for after in afters} <= taken


def test_success_can_be_taken_back_by_a_later_sequence_only():
    """Without an order of the provider's own, "succeeded" outranks "failed", whichever comes first."""
    paid, failed = seen(EffectState.SUCCEEDED), seen(EffectState.FAILED)

    assert folded([paid, failed]).succeeded and folded([failed, paid]).succeeded
    assert not folded([seen(EffectState.FAILED, sequence=1), paid]).succeeded


def test_a_review_hides_guesses_and_no_facts():
    """A review shows while nothing definite stands, and keeps its reason afterwards."""
    doubtful = folded([seen(EffectState.PENDING), seen(EffectState.REVIEW, failure="odd")])
    settled = fold(doubtful, seen(EffectState.SUCCEEDED, reference="r-1"))

    assert (doubtful.state, is_open(doubtful), doubtful.reviews) == (EffectState.REVIEW, True, ("odd",))
    assert (settled.state, settled.reviews, settled.reference) == (EffectState.SUCCEEDED, ("odd",), "r-1")
    assert folded([seen(EffectState.REVIEW)]).reviews == ("effects.review",)
    assert CHARGE.reference == ""


def test_a_lease_makes_it_unknown_and_a_definite_answer_ends_the_lease():
    """From the lease on it may have happened."""
    taken = leased(CHARGE, at=NOW, lease_until=NOW + timedelta(minutes=2), next_at=NOW, send=True)
    looked = leased(taken, at=NOW + timedelta(hours=1), lease_until=NOW, next_at=NOW, send=False)

    assert (taken.state, taken.tries, taken.sent_at) == (EffectState.UNKNOWN, 1, NOW)
    assert (looked.tries, looked.sent_at) == (2, NOW)
    assert fold(taken, seen(EffectState.PENDING)).lease_until is not None
    assert fold(taken, seen(EffectState.SUCCEEDED)).lease_until is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"provider": "other"}, "effects.other_provider"),
        ({"kind": EffectKind.REFUND}, "effects.other_kind"),
        ({"amount": USD("1.00")}, "effects.other_currency"),
        ({"amount": IDR(99_999)}, "effects.other_amount"),
    ],
)
def test_what_cannot_be_about_it_is_named(changed, reason):
    """Another provider, kind, currency or amount is a mismatch with its own code."""
    assert mismatch(CHARGE, seen(EffectState.SUCCEEDED, **changed)) == reason


def test_an_instant_without_a_zone_is_refused():
    """Two different moments can't be one fact."""
    with pytest.raises(NaiveDatetime):
        seen(EffectState.SUCCEEDED, occurred_at=datetime(2026, 1, 31))  # noqa: DTZ001


def test_keys_are_short_and_lead_back():
    """A key fits every provider, and tells the intent it belongs to."""
    intent = "int_" + "0" * 26
    key = idempotency_key(operation_id(intent, 12), 3)

    assert (key, intent_of(key), intent_of("nothing")) == (f"{intent}.12.3", intent, "")
    assert len(idempotency_key(operation_id(intent, 9_999_999), 9_999)) <= 46
    with pytest.raises(KeyTooLong):
        idempotency_key(operation_id("int_" + "0" * 60, 1), 1)


@pytest.mark.parametrize(("epoch", "key"), [(0, "int_a.2.3"), (612_300, "int_a.2r612300.3")])
def test_a_key_says_what_it_was_made_of(epoch, key):
    """Intent, number, epoch and attempt come back, and the operation's id."""
    operation = operation_id("int_a", 2, epoch)

    assert key == idempotency_key(operation, 3)
    assert Wished(intent="int_a", number=2, epoch=epoch, attempt=3) == read_key(key)
    assert operation == read_key(key).operation
    assert Wished(intent="int_a", number=2, epoch=epoch, attempt=1) == requested_as(operation)


def test_a_key_of_a_later_epoch_fits_every_provider():
    """Minutes since 2025 have seven digits until 2044."""
    assert len(idempotency_key(operation_id("int_" + "0" * 26, 999, 9_999_999), 99)) <= 46


@pytest.mark.parametrize("key", ["", "int_a", "int_a.2", "int_a.0.1", "int_a.2r0.1", "int_a.sab1.1", "int_a.2.1.1"])
def test_what_is_no_key_of_ours_says_nothing(key):
    """Ids, names of the outside's own operations, and numbers that we never give."""
    assert read_key(key) is None


def test_what_may_have_been_sent_is_as_old_as_its_wish_and_as_young_as_the_restore():
    """A provider may have forgotten its key already, or not see it yet: neither is hoped for."""
    later = NOW + timedelta(days=3)
    presumed = presumed_sent(CHARGE, at=later)

    assert (EffectState.UNKNOWN, 1) == (presumed.standing, presumed.tries)
    assert (CHARGE.requested_at, later, later) == (presumed.first_sent_at, presumed.sent_at, presumed.next_at)
    assert SENT.first_sent_at == presumed_sent(SENT, at=later).first_sent_at


SENT = leased(CHARGE, at=NOW, lease_until=NOW, next_at=NOW, send=True)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("terms", "after", "answer"),
    [
        (Terms(dedupe=Dedupe.KEY, lookup=True), HOUR * 9999, Resend.NOW),
        (Terms(dedupe=Dedupe.KEY, key_ttl=HOUR, lookup=True), HOUR / 2, Resend.NOW),
        (Terms(dedupe=Dedupe.KEY, key_ttl=HOUR, lookup=True), HOUR, Resend.NEVER),
        (Terms(dedupe=Dedupe.REFERENCE, lookup=False), HOUR, Resend.NOW),
        (Terms(dedupe=Dedupe.NONE, lookup=False), HOUR * 9999, Resend.NEVER),
        (Terms(dedupe=Dedupe.NONE, lookup=True, lookup_lag=HOUR), HOUR, Resend.LATER),
        (Terms(dedupe=Dedupe.NONE, lookup=True, lookup_lag=HOUR), HOUR + LEASE, Resend.LATER),
        (Terms(dedupe=Dedupe.NONE, lookup=True, lookup_lag=HOUR), HOUR * 2, Resend.NOW),
    ],
)
def test_what_was_lost_is_sent_again_only_when_that_is_harmless(terms, after, answer):
    """The key protects as long as it is remembered; without one only a look-up after its lag does."""
    assert resend(terms, SENT, NOW + after) is answer
    assert resend(terms, fold(SENT, seen(EffectState.PENDING)), NOW + after) is Resend.LATER


def test_waiting_doubles_up_to_an_hour():
    """An operation is left alone longer after each try, and never for more than an hour."""
    waits = [wait(tries) for tries in range(1, 30)]

    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits == sorted(waits) and waits[-1] == LONGEST_WAIT


def test_a_key_is_remembered_from_its_first_sending_on():
    """What was sent again in time doesn't begin a new time: the provider has forgotten the key all the same."""
    terms = Terms(dedupe=Dedupe.KEY, key_ttl=HOUR, lookup=True)
    sent = leased(CHARGE, at=NOW, lease_until=NOW, next_at=NOW, send=True)
    again = leased(sent, at=NOW + HOUR * 0.8, lease_until=NOW, next_at=NOW, send=True)

    assert Resend.NOW is resend(terms, again, NOW + HOUR * 0.9)
    assert Resend.NEVER is resend(terms, again, NOW + HOUR)
    assert (NOW, NOW + HOUR * 0.8) == (again.first_sent_at, again.sent_at)
