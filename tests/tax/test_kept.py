"""What a provider answered is held against what it was asked, and kept by value."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from tokolib.tax import (
    EstimatedLine,
    KeptEstimate,
    RequestLine,
    SellerStatus,
    Situation,
    TaxAmount,
    TaxAnswerRefused,
    TaxEstimate,
    TaxRequest,
)
from tokolib.tax.kept import keep

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MUG = RequestLine(id="1", amount=1000, tax_class="standard")
TEA = RequestLine(id="2", amount=500, tax_class="food", includes_tax=True)
REQUEST = TaxRequest(
    lines=(MUG, TEA), currency="USD", on=date(2026, 3, 2), situation=Situation.at_home("US", SellerStatus())
)


def tax(amount: int) -> TaxAmount:
    return TaxAmount("US-CA", "California", Decimal(6), Fraction(1), 1000, amount, "S", "RTC § 6051")


ANSWER = TaxEstimate(
    lines=(EstimatedLine(id="1", taxes=(tax(60),)), EstimatedLine(id="2", taxes=(), reason="food")),
    total=60,
    source="acme 7",
    as_of=NOW,
    valid_until=NOW + HOUR,
    reference="acme-1",
)


def kept(answer: TaxEstimate = ANSWER) -> KeptEstimate:
    return keep("acme", REQUEST, answer, now=NOW, zone="America/Los_Angeles")


def test_an_answer_is_kept_with_its_source_and_its_term():
    """Who was asked, who answered, when, until when, about what; and each line with its taxes."""
    found = kept()

    assert ("acme", "acme 7", NOW, False, "acme-1") == (
        found.fact.provider,
        found.fact.source,
        found.fact.as_of,
        found.fact.degraded,
        found.fact.reference,
    )
    assert REQUEST.digest == found.fact.digest
    assert (True, False) == (found.fact.is_valid(NOW), found.fact.is_valid(NOW + HOUR))
    assert {MUG: (tax(60),), TEA: ()} == found.told
    assert ["2"] == list(found.untaxed)
    assert "food" == found.untaxed["2"]["why"]


def test_the_same_question_has_the_same_digest_on_another_day():
    """An answer has its own term; goods, amounts and places are what it is about."""
    assert REQUEST.digest == attrs.evolve(REQUEST, on=date(2026, 3, 3), reference="INV-1").digest
    for other in (
        attrs.evolve(REQUEST, currency="IDR"),
        attrs.evolve(REQUEST, lines=(MUG,)),
        attrs.evolve(REQUEST, lines=(attrs.evolve(MUG, amount=1001), TEA)),
        attrs.evolve(REQUEST, situation=Situation.at_home("US", SellerStatus(), region="CA")),
    ):
        assert REQUEST.digest != other.digest


@pytest.mark.parametrize(
    ("answer", "path", "code"),
    [
        (attrs.evolve(ANSWER, lines=ANSWER.lines[:1]), "lines", "tax.other_lines"),
        (attrs.evolve(ANSWER, lines=ANSWER.lines[::-1]), "lines", "tax.other_lines"),
        (attrs.evolve(ANSWER, total=61), "total", "tax.other_total"),
        (attrs.evolve(ANSWER, valid_until=NOW), "valid_until", "tax.lapsed"),
        (
            attrs.evolve(ANSWER, lines=(EstimatedLine(id="1", taxes=(tax(-1),)), ANSWER.lines[1]), total=-1),
            "lines[0].taxes",
            "tax.negative_tax",
        ),
        (
            attrs.evolve(ANSWER, lines=(ANSWER.lines[0], EstimatedLine(id="2", taxes=(tax(501),))), total=561),
            "lines[1].taxes",
            "tax.more_than_price",
        ),
    ],
)
def test_an_answer_that_can_t_be_right_is_refused(answer, path, code):
    """Other lines than asked, sums that don't add up, less than nothing, more than the price, no term left."""
    with pytest.raises(TaxAnswerRefused) as caught:
        kept(answer)

    assert [(path, code)] == [(fault.path, fault.code) for fault in caught.value.faults]
    assert "acme" in str(caught.value) and "TaxProviderKit" in caught.value.hint


def test_all_faults_of_an_answer_are_told_at_once():
    """A provider's author mends them in one go."""
    with pytest.raises(TaxAnswerRefused) as caught:
        kept(attrs.evolve(ANSWER, total=1, valid_until=NOW - HOUR))

    assert ["tax.other_total", "tax.lapsed"] == [fault.code for fault in caught.value.faults]
