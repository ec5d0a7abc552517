"""Laws of payment plans, as pure functions: nothing is lost, nothing is negative, and nothing depends on an order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from tokolib import IDR
from tokolib.payments.plans.making import amounts, due_on, made
from tokolib.payments.plans.model import (
    InstalmentState,
    Notice,
    PlanOffer,
    PlanProgress,
    PlanStep,
    PlanTerms,
    monthly,
)
from tokolib.payments.plans.schedule import notice_at, poured, schedule, shrunk, unnoticed
from tokolib.payments.plans.wording import WORDING

S = InstalmentState
FIRST = date(2026, 1, 31)
NOW = datetime(2026, 1, 31, 2, tzinfo=UTC)
SHARES = st.decimals(Decimal("0.01"), Decimal("0.99"), places=2)
TOTALS = st.integers(0, 10**12)


@st.composite
def terms(draw):
    """Plans of every kind: a share or an amount at once, and up to twelve steps that come after each other."""
    deposit = draw(SHARES | st.integers(1, 10**7).map(IDR))
    gaps = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=12))
    months = days = 0
    steps = []
    for more_months, more_days, weight in gaps:
        months, days = months + more_months, days + max(more_days, 0 if more_months else 1)
        steps.append(PlanStep(months, days, weight))
    return PlanTerms("plan", deposit, tuple(steps), grace_days=draw(st.integers(0, 10)))


def plan(of, total, on=FIRST):
    return made(PlanOffer("plan", 1, of), IDR(total), on=on, zone="Asia/Jakarta")


@given(terms(), TOTALS)
@example(PlanTerms("thirds", Decimal("0.30"), monthly(3)), 10_000_001)
@example(PlanTerms("more than all", IDR(500), monthly(2)), 100)
def test_instalments_add_up_to_the_last_rupiah(of, total):
    """Whatever the plan and the total; none is negative, and each is within a rupiah of its share."""
    parts = amounts(of, total)

    assert total == sum(parts) and min(parts) >= 0
    if isinstance(of.deposit, Decimal):
        assert abs(parts[0] - total * of.deposit) < 1


@given(terms(), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_each_day_comes_after_the_one_before(of, on):
    """In whatever month the order is asked for."""
    days = [each.due_on for each in plan(of, 10**6, on).instalments]

    assert days == sorted(set(days)) and days[0] == on


def test_the_last_day_of_a_month_does_not_wander():
    """A month after 31 January is the last of February, and two months are the last of March again."""
    days = [due_on(step, FIRST) for step in (*monthly(3), PlanStep(months=1, days=1))]

    assert [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 3, 1)] == days


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(0, 10**8))
def test_what_an_order_comes_to_less_is_taken_off_the_last_instalments(planned, owed):
    """They sum to what is owed, none is negative, and one shrinks only when all behind it are gone."""
    asked = shrunk(planned, owed)

    assert owed == sum(asked) and min(asked) >= 0
    assert all(now <= then for now, then in zip(asked[:-1], planned[:-1], strict=True))
    smaller = [at for at, (now, then) in enumerate(zip(asked, planned, strict=True)) if now < then]
    assert not smaller or not any(asked[smaller[0] + 1 :])


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12), st.integers(0, 20_000))
def test_what_comes_is_told_to_the_oldest_instalment_first(asked, came):
    """None gets more than it asks for, and none gets anything before those before it are full."""
    paid = poured(asked, came)

    assert min(came, sum(asked)) == sum(paid)
    assert all(part <= most for part, most in zip(paid, asked, strict=True))
    short = [at for at, (part, most) in enumerate(zip(paid, asked, strict=True)) if part < most]
    assert not short or not any(paid[short[0] + 1 :])


@given(terms(), st.integers(1, 10**9), st.data())
def test_a_schedule_always_adds_up(of, total, data):
    """At any time, whatever has come and whatever the order comes to by now."""
    owed, came = data.draw(st.integers(0, total)), data.draw(st.integers(-5, total + 5))
    now = NOW + timedelta(days=data.draw(st.integers(-10, 2000)))
    planned = schedule(PlanProgress(plan(of, total), started=True), IDR(owed), came, now)

    assert IDR(owed) == planned.total
    assert IDR(min(max(came, 0), owed)) == planned.paid
    assert all(IDR(0) <= each.paid <= each.amount for each in planned.instalments)
    assert planned.overdue <= planned.due_now <= planned.total - planned.paid
    for each in planned.instalments:
        assert (each.state in (S.PAID, S.DROPPED)) is each.left.is_zero
        assert (each.state is S.OVERDUE) is (not each.left.is_zero and each.late_at <= now)


@given(terms(), st.integers(1, 10**9), st.data())
def test_time_alone_only_makes_more_due(of, total, data):
    """What was due or overdue stays so until it is paid."""
    came = data.draw(st.integers(0, total))
    early, late = sorted(data.draw(st.tuples(st.integers(0, 2000), st.integers(0, 2000))))
    progress = PlanProgress(plan(of, total), started=True)
    before, after = (schedule(progress, IDR(total), came, NOW + timedelta(days=days)) for days in (early, late))

    assert before.due_now <= after.due_now and before.overdue <= after.overdue


def test_every_state_of_an_instalment_has_words_in_both_languages():
    """And so has every reason for which a plan can't be had."""
    assert set(WORDING["id"]) == set(WORDING["en"]) >= {f"payments.instalment_{state}" for state in S}
    for locale, paid in (("id", "lunas"), ("en", "paid")):
        progress = PlanProgress(plan(PlanTerms("DP", Decimal("0.5"), monthly(1)), 100))
        first, deposit, rest = schedule(progress, IDR(100), 50, NOW).explain(locale).splitlines()
        assert first.startswith("DP") and paid in deposit and "28 Feb 2026" in rest


@given(terms(), st.integers(100, 10**9), st.lists(st.integers(0, 60), max_size=30))
def test_each_instalment_is_noticed_once_when_due_and_once_when_overdue(of, total, waits):
    """However often and however late somebody looks; the time to look next is never missed."""
    progress, now = PlanProgress(plan(of, total), started=True), NOW
    seen: list[Notice] = []
    for wait in waits:
        now += timedelta(days=wait)
        planned = schedule(progress, IDR(total), 0, now)
        new = [Notice(each.number, each.state) for each in unnoticed(planned, seen)]
        waited = notice_at(planned, seen)
        assert bool(new) is (waited is not None and (waited <= now or Notice(1, S.DUE) in new))
        seen += new
        assert () == unnoticed(planned, seen)
    assert len(seen) == len(set(seen))
