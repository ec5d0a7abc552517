"""Our own tax providers pass the kit that everybody's must pass, and providers with one fault each don't."""

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
import pytest

from tokolib.adapters.tax_table import TableTaxProvider
from tokolib.effects.outside import Conflict, OutsideError, Unknown
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.registration import Registration
from tokolib.tax.estimates import EstimatedLine, IdAnswer, TaxDocument, TaxEstimate, TaxReceipt, TaxRequest, TaxSlice
from tokolib.tax.ports import TaxCan, TaxCapabilities, TaxProvider
from tokolib.tax.situation import IdState, Place, SellerStatus, Situation
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_tax import RATES, AsyncFakeTaxProvider, FakeTaxProvider
from tokolib.testing.storage_checks.driven import Drive
from tokolib.testing.tax_kit import TaxProviderKit

SELLER = SellerStatus(registrations=(Registration("US", date(2019, 4, 1), scheme="CA"),))
OAKLAND = Place("US", "CA", county="Alameda", city="Oakland", postal_code="94601")
TO_OAKLAND = Situation("US", SELLER, Place("US", "CA"), OAKLAND)


class AboutOakland(TaxProviderKit):
    """A sale in California, which the fakes' and the table's rates are about."""

    @pytest.fixture
    def situation(self) -> Situation:
        return TO_OAKLAND


class TestTable(AboutOakland):
    @pytest.fixture
    def provider(self) -> TaxProvider:
        return TableTaxProvider(RATES, clock=ManualClock(), zone="America/Los_Angeles")

    @pytest.fixture
    def unreachable(self) -> None:
        return None

    @pytest.fixture
    def stand_in(self) -> TaxProvider:
        return TableTaxProvider(RATES, clock=ManualClock(), zone="America/Los_Angeles", stands_in=True)


class OfAFake(AboutOakland):
    kind: Any = FakeTaxProvider

    @pytest.fixture
    def provider(self) -> TaxProvider:
        made = self.kind(ManualClock())
        getattr(made, "inner", made).ids["DE", "DE136695976"] = "Muster GmbH"
        return made

    @pytest.fixture
    def unreachable(self) -> TaxProvider:
        made = self.kind(ManualClock())
        getattr(made, "inner", made).switches.unreachable = 9
        return made

    @pytest.fixture
    def untaxed(self) -> str:
        return "exempt"

    @pytest.fixture
    def ids(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("DE", "DE136695976"), ("DE", "DE136695975")


class TestFake(OfAFake):
    pass


class TestAsyncFake(OfAFake):
    kind = AsyncFakeTaxProvider

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run


# Providers with one fault each


class AddsUpWrongly(FakeTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        found = super().estimate(request)
        return attrs.evolve(found, total=found.total + 1)


class LosesALine(FakeTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        found = super().estimate(request)
        return attrs.evolve(found, lines=tuple(line for line in found.lines if line.tax))


class SaysNoReason(FakeTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        found = super().estimate(request)
        return attrs.evolve(
            found, lines=tuple(line if line.tax else EstimatedLine(id=line.id, taxes=()) for line in found.lines)
        )


class ChangesItsMind(FakeTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        dearer = tuple(attrs.evolve(line, amount=line.amount + len(self.calls)) for line in request.lines)
        return super().estimate(attrs.evolve(request, lines=dearer))


class KeepsTwice(FakeTaxProvider):
    def commit(self, document: TaxDocument, *, key: str) -> TaxReceipt:
        first = key not in self._answers
        found = super().commit(document, key=key)
        return found if first else attrs.evolve(found, reference="another")


class TakesTheLastDocument(FakeTaxProvider):
    def commit(self, document: TaxDocument, *, key: str) -> TaxReceipt:
        self._answers.pop(key, None)
        self._kept.pop(document.number, None)
        return super().commit(document, key=key)


class RefundsWhateverIsAsked(FakeTaxProvider):
    def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> TaxReceipt:
        self._find(number).taken += slices
        return self._find(number).receipt()


class RefundsTwice(FakeTaxProvider):
    def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> TaxReceipt:
        self._answers.pop(key, None)
        return super().refund(number, slices, key=key)


class VoidsWhatWasRefunded(FakeTaxProvider):
    def void(self, number: str, *, key: str) -> TaxReceipt:
        self._find(number).taken.clear()
        return super().void(number, key=key)


class BelievesEveryId(FakeTaxProvider):
    def validate_id(self, country: str, tax_id: str) -> IdAnswer:
        return IdAnswer(state=IdState.VALID, as_of=self._clock.now())


class StopsTheSaleForAnId(FakeTaxProvider):
    def validate_id(self, country: str, tax_id: str) -> IdAnswer:
        self._arrive("validate_id", "")
        return super().validate_id(country, tax_id)


class HidesThatItStandsIn(TableTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        return attrs.evolve(super().estimate(request), degraded=False)


class TaxesTheWholeWorld(FakeTaxProvider):
    def estimate(self, request: TaxRequest) -> TaxEstimate:
        return super().estimate(attrs.evolve(request, situation=TO_OAKLAND))


CLAIMED = {
    AddsUpWrongly: "test_the_lines_add_up_to_the_total",
    LosesALine: "test_lines_are_answered_in_their_order",
    SaysNoReason: "test_a_line_without_tax_says_why",
    ChangesItsMind: "test_the_same_question_has_the_same_answer",
    KeepsTwice: "test_a_document_is_kept_once",
    TakesTheLastDocument: "test_a_key_belongs_to_its_document",
    RefundsWhateverIsAsked: "test_no_more_goes_back_than_was_committed",
    RefundsTwice: "test_a_refund_is_kept_once",
    VoidsWhatWasRefunded: "test_what_was_refunded_cannot_be_void",
    BelievesEveryId: "test_an_id_is_valid_or_it_is_not",
    StopsTheSaleForAnId: "test_a_provider_that_is_away_says_so",
    HidesThatItStandsIn: "test_an_answer_in_anothers_place_is_degraded",
    TaxesTheWholeWorld: "test_a_country_that_it_does_not_know_is_refused",
}


def wrong(kind: Any, check: str) -> type[OfAFake]:
    """The kit for a provider with a fault, its one check expected to fail."""

    class Wrong(OfAFake):
        @pytest.fixture
        def stand_in(self) -> TaxProvider | None:
            if kind is not HidesThatItStandsIn:
                return None
            return kind(RATES, clock=ManualClock(), zone="America/Los_Angeles", stands_in=True)

    Wrong.kind = FakeTaxProvider if kind is HidesThatItStandsIn else kind
    found = getattr(TaxProviderKit, check)

    def failing(*given: Any, **named: Any) -> None:
        found(*given, **named)

    failing.__signature__ = inspect.signature(found)  # type: ignore[attr-defined]
    failing.__doc__ = f"{kind.__name__} fails the check that is about its fault."
    reason = "the kit finds it"
    expected = (AssertionError, pytest.fail.Exception, OutsideError, ValueError)
    for name in [name for name in dir(TaxProviderKit) if name.startswith("test_")]:
        setattr(Wrong, name, None)
    setattr(Wrong, check, pytest.mark.xfail(strict=True, raises=expected, reason=reason)(failing))
    return Wrong


for _kind, _check in CLAIMED.items():
    globals()[f"Test{_kind.__name__}"] = wrong(_kind, _check)


# The fake's switches


@pytest.fixture
def fake() -> FakeTaxProvider:
    return FakeTaxProvider(ManualClock())


DOCUMENT = TaxDocument(number="INV/1", on=date(2026, 3, 2), currency="USD", lines=())


def test_an_answer_that_was_lost_is_there_when_asked_again(fake):
    """The document was kept; the same key answers what was lost."""
    fake.switches.time_out_after = 1

    with pytest.raises(Unknown, match="no answer to k1"):
        fake.commit(DOCUMENT, key="k1")

    assert "INV/1" == fake.commit(DOCUMENT, key="k1").number
    with pytest.raises(Conflict):
        fake.commit(attrs.evolve(DOCUMENT, number="INV/2"), key="k1")


def test_a_call_that_timed_out_before_it_arrived_was_not_taken(fake):
    """Nothing is kept."""
    fake.switches.time_out_before = 1

    with pytest.raises(Unknown):
        fake.commit(DOCUMENT, key="k1")

    assert ["commit"] == fake.calls
    assert "INV/2" == fake.commit(attrs.evolve(DOCUMENT, number="INV/2"), key="k1").number


def test_a_register_that_is_away_leaves_ids_pending(fake):
    """And known again when it is back."""
    fake.ids["DE", "DE1"] = "Muster GmbH"
    fake.switches.register_away = True
    assert IdState.PENDING is fake.validate_id("DE", "DE1").state

    fake.switches.register_away = False
    assert (IdState.VALID, "Muster GmbH") == (fake.validate_id("DE", "DE1").state, fake.validate_id("DE", "DE1").name)


def test_capabilities_are_honest():
    """A reason for everything that is lacking, and no refunds without documents."""
    with pytest.raises(InvalidInput, match="who keeps no document can't keep a refund of it"):
        TaxCapabilities(lacks={TaxCan.COMMIT: "files nothing"})
    with pytest.raises(InvalidInput, match="with a reason"):
        TaxCapabilities(lacks={TaxCan.REFUND: ""})
    with pytest.raises(InvalidInput, match="must be one of"):
        TaxCapabilities(lacks={"fly": "no wings"})
