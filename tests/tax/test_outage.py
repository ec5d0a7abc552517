"""A provider that is down: block, or fall back to a table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from tokolib.effects.outside import Declined, Invalid, OutsideError, RateLimited, Transient, Unknown
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.kernel.policies import TaxOutage
from tokolib.tax import (
    EstimatedLine,
    Place,
    RequestLine,
    SellerStatus,
    Situation,
    TaxAmount,
    TaxEstimate,
    TaxRequest,
    TaxUnavailable,
    standing_in,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def estimate(*amounts: int) -> TaxEstimate:
    lines = tuple(
        EstimatedLine(id=str(at), taxes=(TaxAmount("ST", "State", Decimal(6), Fraction(1), 100, each, "S", "law"),))
        for at, each in enumerate(amounts)
    )
    until = NOW + timedelta(hours=1)
    return TaxEstimate(lines=lines, total=sum(amounts), source="table", as_of=NOW, valid_until=until)


DOWN = Transient("acme", "no route")


@pytest.mark.parametrize("error", [DOWN, RateLimited("acme", 5), Unknown("acme", "k", "time-out")])
def test_a_table_stands_in_and_the_answer_says_so(error):
    """The figures are the table's; `degraded` stays with them on the quote."""
    found = standing_in(TaxOutage.FALLBACK_TABLE, error, estimate(6))

    assert attrs.evolve(estimate(6), degraded=True) == found


@pytest.mark.parametrize(
    ("policy", "fallback", "said"),
    [
        (TaxOutage.BLOCK, estimate(6), "the policy is block, which blocks"),
        (TaxOutage.FALLBACK_TABLE, None, "fallback_table, and no table answered"),
    ],
)
def test_without_a_stand_in_nothing_is_quoted(policy, fallback, said):
    """Never an order without tax: the error names the policy and the way out."""
    with pytest.raises(TaxUnavailable, match=said) as caught:
        standing_in(policy, DOWN, fallback)

    assert (503, DOWN) == (caught.value.status, caught.value.__cause__)


@pytest.mark.parametrize("error", [Declined("acme", "closed account"), Invalid("acme", "region", "no such state")])
@pytest.mark.parametrize("policy", TaxOutage)
def test_a_definite_no_is_an_answer_and_no_outage(policy, error):
    """No table may answer what the provider refused."""
    with pytest.raises(OutsideError) as caught:
        standing_in(policy, error, estimate(6))

    assert error is caught.value


def test_a_request_that_cannot_be_is_refused_with_paths():
    """No lines, lines of one id, no units, no such currency."""
    home = Situation.at_home("US", SellerStatus())
    line = RequestLine(id="a", amount=1, tax_class="standard")

    def faults(*lines: RequestLine) -> list[tuple[str, str]]:
        with pytest.raises(InvalidInput) as caught:
            TaxRequest(lines=lines, currency="USD", on=date(2026, 3, 2), situation=home)
        return [(fault.path, fault.code) for fault in caught.value.faults]

    assert [("lines", "tax.no_lines")] == faults()
    wrong = faults(line, attrs.evolve(line, units=0))
    assert [("lines[1].id", "tax.duplicate_line"), ("lines[1].units", "kernel.not_positive")] == wrong
    with pytest.raises(UnknownCurrency):
        TaxRequest(lines=(line,), currency="XYZ", on=date(2026, 3, 2), situation=home)
    assert Place("US", "WA") != Place("US", "WA", county="King")


def test_asking_again_lets_a_table_stand_in_for_quotes_alone():
    """A quote goes by the table; an order waits for the provider, and the error says which of the two it was."""
    assert standing_in(TaxOutage.ASK_AGAIN, DOWN, estimate(6)).degraded
    with pytest.raises(TaxUnavailable, match="ask_again, and without an answer no order is placed"):
        standing_in(TaxOutage.ASK_AGAIN, DOWN, estimate(6), placing=True)
    with pytest.raises(TaxUnavailable, match="ask_again, and no table answered in its place"):
        standing_in(TaxOutage.ASK_AGAIN, DOWN, None)
