"""Laws of intents: the fold's invariance, the caps of money, the books beside the provider's."""

import asyncio
from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.effects.model import EffectKind, EffectState, Observation, Source
from tokolib.kernel.ids import IntentId, OrderId
from tokolib.kernel.money import IDR
from tokolib.payments import errors, events
from tokolib.payments.fold import decide
from tokolib.payments.lifecycle import evolve, evolve_quarantine
from tokolib.payments.model import Intent
from tokolib.payments.next_action import ActionKind, next_action
from tokolib.payments.requests import request
from tokolib.payments.states import IntentState
from tokolib.payments.tenders import Settlement
from tokolib.payments.wording import WORDING

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
K = EffectKind
KINDS = [kind for kind in K if kind not in (K.LABEL, K.LABEL_VOID)]
"""Every kind that a payment can hear of; what is added to `EffectKind` comes in by itself."""


OPENED = events.IntentOpened(
    intent_id=IntentId("int_1"),
    order_id=OrderId("ord_1"),
    amount=IDR(100),
    tender="fake",
    settlement=Settlement.BY_GATEWAY,
    at=NOW,
    due_until=None,
    account="",
)


def new_intent() -> Intent:
    intent = evolve(None, OPENED)
    wishes = [(K.CHARGE, 100, ""), (K.CHARGE, 60, ""), (K.REFUND, 30, ""), (K.VOID, 100, "int_1.1")]
    wished = {kind for kind, _, _ in wishes}
    wishes += [(kind, 30, "int_1.1") for kind in KINDS if kind not in wished]
    for kind, amount, about in wishes:
        wish = request(intent, kind, "fake", IDR(amount), at=NOW, about=about, epoch=0)
        intent = evolve(intent, events.OperationRequested(wish))
    return intent


INTENT = new_intent()
KEYS = [each.key for each in INTENT.operations]

about_ours = st.builds(
    Observation,
    provider=st.sampled_from(["fake", "other"]),
    kind=st.sampled_from(KINDS),
    state=st.sampled_from(EffectState),
    amount=st.sampled_from([IDR(100), IDR(60), IDR(30)]),
    occurred_at=st.just(NOW),
    source=st.sampled_from(Source),
    key=st.sampled_from(KEYS),
    reference=st.sampled_from(["", "r-1", "r-2"]),
    sequence=st.integers(0, 1),
)
by_others = st.builds(
    Observation,
    provider=st.just("fake"),
    kind=st.sampled_from(KINDS),
    state=st.sampled_from(EffectState),
    amount=st.sampled_from([IDR(100), IDR(30)]),
    occurred_at=st.just(NOW),
    source=st.just(Source.WEBHOOK),
    about=st.sampled_from(KEYS[:2]),
    reference=st.sampled_from(["x-1", "x-2"]),
)
receipts = st.builds(
    Observation,
    provider=st.just("cash"),
    kind=st.just(K.CHARGE),
    state=st.just(EffectState.SUCCEEDED),
    amount=st.sampled_from([IDR(40), IDR(100)]),
    occurred_at=st.just(NOW),
    source=st.just(Source.PERSON),
    reference=st.sampled_from(["slip-1", "slip-2"]),
)


def folded(facts, intent=INTENT):
    for each in facts:
        for event in decide(intent, each, NOW, epoch=0):
            intent = evolve(intent, event)
    return intent


def one_amount_each(facts):
    """Drop what gives a movement made by the outside a second amount: the first one heard would count."""
    amounts, asked_for = {}, {(each.kind, each.key) for each in INTENT.operations}
    return [
        each
        for each in facts
        if (each.kind, each.key) in asked_for
        or amounts.setdefault((each.provider, each.kind, each.reference), each.amount) == each.amount
    ]


any_facts = st.lists(st.one_of(about_ours, by_others, receipts), max_size=8).map(one_amount_each)


@given(any_facts.flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_an_intent_does_not_depend_on_the_order_of_what_is_heard(pair):
    """Charges, refunds, disputes, receipts and contradictions in any order give the same intent, version included."""
    facts, shuffled = pair

    assert folded(facts) == folded(shuffled)


@given(any_facts, st.data())
def test_what_is_heard_twice_counts_once(facts, data):
    """Duplicates make no event at all."""
    again = data.draw(st.lists(st.sampled_from(facts), max_size=8)) if facts else []

    assert folded([*facts, *again]) == folded(facts)


@given(any_facts)
def test_the_figures_are_never_below_zero_and_the_state_is_always_told(facts):
    """Derived figures stay sensible whatever the outside says."""
    intent = folded(facts)

    given_back = (intent.refunded, intent.pending_refund, intent.disputed, intent.refundable)
    for figure in (*given_back, intent.outstanding, intent.surplus):
        assert figure >= IDR(0)
    assert intent.state in IntentState
    sums = intent.totals
    assert sums.left == 0 or sums.refunded + sums.pending_refund + sums.disputed + sums.left == sums.captured


@given(any_facts)
def test_each_figure_is_what_its_name_says(facts):
    """Captured is what came less reversals, net what of it the shop has, and refundable what of that is promised to
    nobody, and asked for by no bank; what was taken back is no more than the outside took."""
    intent = folded(facts)
    sums, done = intent.totals, dict.fromkeys(K, 0)
    for each in intent.operations:
        done[each.kind] += each.amount.minor_units if each.succeeded else 0

    assert sums.received == done[K.CHARGE] + done[K.CAPTURE] - done[K.REVERSAL]
    assert sums.received <= sums.captured <= sums.received + sums.lost
    assert intent.net == intent.captured - intent.refunded - intent.disputed
    assert intent.refundable == max(IDR(0), intent.net - intent.pending_refund - intent.claimed)
    assert sums.claimed <= sums.contested
    assert sums.disputed + done[K.REVERSAL] == sums.taken_back <= done[K.CHARGEBACK] + done[K.REVERSAL]


def _heard(kind, amount, reference, about):
    return Observation(
        provider="fake",
        kind=kind,
        state=EffectState.SUCCEEDED,
        amount=IDR(amount),
        occurred_at=NOW,
        source=Source.WEBHOOK,
        reference=reference,
        about=about,
    )


taken_and_given = st.tuples(
    st.lists(st.sampled_from([20, 30, 50]), min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from([10, 20, 30, 50]), st.sampled_from(["ch-1", "cb-0", "cb-1"])), max_size=3),
)


@given(taken_and_given, st.randoms())
def test_what_is_contested_hangs_neither_on_names_nor_on_order(facts, luck):
    """Several disputes over one charge, some decided: whatever each is called, as much is open."""
    taken, given_back = facts
    charge = (K.CHARGE, 100, "ch-1", "")
    heard = [(K.CHARGEBACK, amount, f"cb-{number}", "ch-1") for number, amount in enumerate(taken)]
    heard += [(K.CHARGEBACK_REVERSAL, each, f"rv-{n}", about) for n, (each, about) in enumerate(given_back)]
    names = [name for _, _, name, _ in heard]
    called = dict(zip(names, map(str, luck.sample(range(10, 100), len(names))), strict=True))
    others = [(kind, amount, called[name], called.get(about, about)) for kind, amount, name, about in heard]

    def contested(facts):
        return folded([_heard(*each) for each in (charge, *facts)], evolve(None, OPENED)).totals.contested

    assert contested(luck.sample(others, len(others))) == contested(heard)


def test_a_dispute_that_was_won_by_its_name_is_the_one_that_is_over():
    """A reversal that names only the charge leaves it alone, whichever of the two is heard first."""
    taken = [(K.CHARGE, 100, "ch-1", ""), (K.CHARGEBACK, 30, "cb-0", "ch-1"), (K.CHARGEBACK, 20, "cb-1", "ch-1")]
    won = [(K.CHARGEBACK_REVERSAL, 30, "rv-0", "cb-0"), (K.CHARGEBACK_REVERSAL, 30, "rv-1", "ch-1")]
    for number in range(20):
        opened = evolve(None, attrs.evolve(OPENED, intent_id=IntentId(f"int_{number}")))
        assert folded([_heard(*each) for each in (*taken, *won)], opened).totals.contested == 0


def _given_for_nothing(intent):
    """Reversals of chargebacks that nobody has heard of yet."""
    done = dict.fromkeys(K, 0)
    for each in intent.operations:
        done[each.kind] += each.amount.minor_units if each.succeeded else 0
    return max(0, done[K.CHARGEBACK_REVERSAL] - done[K.CHARGEBACK])


@given(any_facts)
def test_what_went_back_is_never_counted_twice(facts):
    """M5 whatever the outside does; what it took beyond that is the loss, and all in all it is what it has."""
    intent = folded(facts)
    signs = {K.CHARGE: 1, K.CAPTURE: 1, K.CHARGEBACK_REVERSAL: 1, K.REFUND: -1, K.REVERSAL: -1, K.CHARGEBACK: -1}
    sums = intent.totals  # what is only reserved, or void, is nobody's money yet
    world = sum(each.amount.minor_units * signs.get(each.kind, 0) for each in intent.operations if each.succeeded)

    assert sums.refunded + sums.pending_refund + sums.disputed <= sums.captured
    assert sums.lost >= 0
    assert sums.captured - sums.refunded - sums.disputed - sums.lost == world - _given_for_nothing(intent)
    assert sums.lost == 0 or sums.refundable == 0


steps_of_life = st.lists(
    st.sampled_from(
        [
            "advance",
            "pay",
            "deliver",
            "refund 30000",
            "refund 100000",
            "cash 40000",
            "time_out_after",
            "time_out_before",
            "decline",
            "wait",
            "charge",
            "pay out",
            "payout fails",
            "expire",
        ]
    ),
    max_size=14,
)


@given(steps_of_life, st.booleans())
def test_money_stays_within_its_caps_and_the_books_meet_the_world(new_till, steps, instant):
    """M4, M5, M7: caps at every instant; one charge per key; at the end the books are the provider's."""
    till = new_till(instant=instant)
    till.open()
    for number, step in enumerate(steps):
        _do(till, step, number)
        _check(till)
    till.gateway.switches.time_out_after = till.gateway.switches.time_out_before = till.gateway.switches.decline = 0
    for _ in range(4):
        till.deliver()
        till.clock.pass_(hours=2)
        till.advance()
        _check(till)

    intent = till.intent()
    assert till.replayed(intent) == intent
    at_provider = [each for each in intent.operations if each.provider == "fake" and each.succeeded]
    ours = sum(each.amount.minor_units * (1 if each.kind is K.CHARGE else -1) for each in at_provider)
    assert till.world.balance(IDR(0)) == IDR(ours)


def _do(till, step, number):
    key = till.intent().operations[0].key
    payouts = till.intent().payouts
    try:
        match step.split():
            case ["advance"]:
                till.advance()
            case ["pay"] | ["expire"] if till.world.charges_of(key):
                getattr(till.world, step)(key)
            case ["deliver"]:
                till.deliver()
            case ["refund", amount]:
                till.payments.refund("ord_1", IDR(int(amount)), reason="returned", key=f"k-{number}")
            case ["cash", amount]:
                till.payments.received("ord_1", IDR(int(amount)), method="cash")
            case ["wait"]:
                till.clock.pass_(minutes=10)
            case ["charge"]:
                till.payments.charge("ord_1")
            case ["pay", "out"] if payouts:
                till.payments.paid_out(payouts[0].id)
            case ["payout", "fails"] if payouts:
                till.payments.payout_failed(payouts[0].id, reason="closed")
            case [("time_out_after" | "time_out_before" | "decline") as name]:
                setattr(till.gateway.switches, name, 1)
            case _:
                pass
    except (errors.RefundTooLarge, errors.ChargeInProgress, errors.NothingDue):
        pass


def _check(till):
    intent, posted = till.intent(), till.desk.posted
    sums = intent.totals
    assert 0 <= sums.refunded + sums.pending_refund + sums.disputed <= sums.captured
    assert sums.refundable <= intent.amount.minor_units
    assert sums.surplus_refunds <= max(0, sums.captured - intent.amount.minor_units)
    assert (posted["captured"], posted["refunded"]) == (sums.captured, sums.refunded)
    for charge in till.world.charges:
        assert till.world.charges_of(charge.key) == 1


def test_events_of_other_rooms_are_refused():
    """An intent begins with its opening, and knows only its own events."""
    with pytest.raises(TypeError):
        evolve(None, events.IntentReopened(NOW))
    with pytest.raises(TypeError):
        evolve(INTENT, events.ObservationQuarantined("obs_1", folded_observation(), "x", NOW))
    with pytest.raises(TypeError):
        evolve_quarantine(None, events.IntentReopened(NOW))
    with pytest.raises(LookupError):
        evolve(
            INTENT,
            events.OperationLeased(operation_id="nothing", at=NOW, lease_until=NOW, next_at=NOW, send=True),
        )


def folded_observation():
    return Observation(
        provider="fake",
        kind=K.CHARGE,
        state=EffectState.SUCCEEDED,
        amount=IDR(1),
        occurred_at=NOW,
        source=Source.QUERY,
        key=KEYS[0],
    )


def test_every_next_action_has_words_in_both_languages():
    """Each kind of action, with and without a term, and each place where money can be, can be said; nothing else is."""
    actions = {
        *ActionKind,
        "cancelling",
        "nothing_due_yet",
        "charge_until",
        "transfer_until",
        "top_up_until",
        "va_until",
    }
    places = {
        "account",
        "came",
        "pays",
        "retained",
        "disputed",
        "on_its_way",
        "written_off",
        "lost",
        "outstanding",
        "no_customer",
    }
    places |= {f"{went}{why}" for went in ("went_back", "credited") for why in ("", "_surplus", "_duplicate")}
    codes = {f"payments.{code}" for code in actions | places}

    assert set(WORDING["id"]) == set(WORDING["en"]) == codes
    assert next_action(INTENT, "Asia/Jakarta", INTENT.opened_at).kind is ActionKind.WAIT


def test_both_colours_do_the_same(new_till):
    """The services awaited give what the blocking ones give."""
    import attrs

    blocking, awaited = new_till(), new_till()
    payments = attrs.evolve(awaited.payments, blocking=False)

    async def run():
        await payments.received("ord_1", IDR(100_000))
        return await payments.intent("ord_1")

    for till in (blocking, awaited):
        till.open(by="bank_transfer")
    blocking.payments.received("ord_1", IDR(100_000))

    assert asyncio.run(run()) == blocking.intent()
