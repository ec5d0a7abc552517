"""The conformance kit of the tax provider port: subclass `TaxProviderKit`, give its fixtures, run pytest.

    class TestAcmeTax(TaxProviderKit):
        @pytest.fixture
        def provider(self):
            return AcmeTax(SANDBOX_KEY)

        @pytest.fixture
        def unreachable(self):
            return AcmeTax(SANDBOX_KEY, url="https://localhost:1")

        @pytest.fixture
        def situation(self):
            return a_sale_that_acme_taxes

Each check's docstring is one promise of `tokolib.tax.ports.TaxProvider`. What the provider's `capabilities` lack is not
asked for; the kit checks that it is refused, by name. An async adapter overrides `drive` as well, with something that
runs a coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any, Final

import attrs
import pytest

from tokolib.effects.model import EffectState
from tokolib.effects.outside import NotFoundOutside, NotSupported, OutsideError
from tokolib.kernel import hosting
from tokolib.kernel.hosting import resolved
from tokolib.tax.estimates import (
    DocumentLine,
    RequestLine,
    TaxDocument,
    TaxEstimate,
    TaxRequest,
)
from tokolib.tax.model import NONE, STANDARD
from tokolib.tax.ports import TaxCan, TaxCapabilities, TaxProvider
from tokolib.tax.situation import Certificate, IdState, Place, Situation
from tokolib.testing.storage_checks.driven import Drive
from tokolib.testing.tax_document_checks import Ask, TaxDocumentChecks, whole

AMOUNTS: Final = (10_000, 3_333, 1, 0)
"""Of the lines that are asked about: a round one, one that rounds, and two that come to nothing."""


class TaxProviderKit(TaxDocumentChecks):
    """Every promise of the tax provider port."""

    currency = "USD"
    on = date(2026, 3, 2)

    @pytest.fixture
    def provider(self) -> TaxProvider:
        """A provider that keeps no document of this test yet."""
        raise NotImplementedError("override the fixture provider")

    @pytest.fixture
    def unreachable(self) -> TaxProvider | None:
        """A provider that nobody answers; None for one that asks nobody."""
        raise NotImplementedError("override the fixture unreachable")

    @pytest.fixture
    def situation(self) -> Situation:
        """A sale to a consumer whose standard goods the provider taxes."""
        raise NotImplementedError("override the fixture situation")

    @pytest.fixture
    def untaxed(self) -> str:
        """A class that it takes no tax of there, though it knows it."""
        return NONE

    @pytest.fixture
    def ids(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """An id that its register knows, and one that it doesn't, each as (country, text)."""
        raise NotImplementedError("override the fixture ids, or lack VALIDATE_IDS")

    @pytest.fixture
    def stand_in(self) -> TaxProvider | None:
        """A provider of the same make that answers in another's place; None where there is no such thing."""
        return None

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def numbers(self) -> Iterator[str]:
        """Numbers and keys that no earlier run used; a sandbox that remembers wants others than these."""
        return (f"kit-{number}" for number in count(1))

    @pytest.fixture
    def ask(self, provider: TaxProvider, drive: Drive) -> Ask:
        """Calls the provider."""
        return lambda method, *given, **named: drive(resolved(getattr(provider, method)(*given, **named)))

    @pytest.fixture
    def request_(self, situation: Situation) -> TaxRequest:
        """Lines of standard goods."""
        lines = tuple(RequestLine(id=f"l{at}", amount=each, tax_class=STANDARD) for at, each in enumerate(AMOUNTS))
        return TaxRequest(lines=lines, currency=self.currency, on=self.on, situation=situation)

    @pytest.fixture
    def document(self, ask: Ask, request_: TaxRequest, numbers: Iterator[str]) -> TaxDocument:
        """An invoice with the taxes that the provider estimated."""
        found = ask("estimate", request_)
        lines = zip(request_.lines, found.lines, strict=True)
        return TaxDocument(
            number=next(numbers),
            on=self.on,
            currency=self.currency,
            lines=tuple(DocumentLine(id=asked.id, net=asked.amount, taxes=line.taxes) for asked, line in lines),
        )

    def test_capabilities_are_stated(self, provider: TaxProvider) -> None:
        """A provider has a name, and gives a reason for all that it can't do."""
        assert provider.name
        assert isinstance(provider.capabilities, TaxCapabilities)
        assert all(provider.capabilities.lacks.values())

    def test_the_lines_add_up_to_the_total(self, ask: Ask, request_: TaxRequest) -> None:
        """The taxes of all lines are the total, and the sale that is taxed bears some."""
        found = ask("estimate", request_)

        assert found.total == sum(tax.amount for line in found.lines for tax in line.taxes)
        assert found.total > 0

    def test_lines_are_answered_in_their_order(self, ask: Ask, request_: TaxRequest) -> None:
        """Each line of the request has its line in the answer, by its id; turned round, the same figures."""
        turned = attrs.evolve(request_, lines=tuple(reversed(request_.lines)))

        assert [line.id for line in request_.lines] == [line.id for line in ask("estimate", request_).lines]
        assert [line.id for line in turned.lines] == [line.id for line in ask("estimate", turned).lines]

    def test_every_tax_says_what_it_is(self, ask: Ask, request_: TaxRequest) -> None:
        """Each amount has a code, a name, a jurisdiction, a category and a source."""
        for line in ask("estimate", request_).lines:
            for tax in line.taxes:
                assert all((tax.code, tax.name, tax.jurisdiction, tax.category, tax.source)), tax

    def test_a_line_without_tax_says_why(self, ask: Ask, request_: TaxRequest, untaxed: str) -> None:
        """It has amounts of zero with category and source, or a reason."""
        lines = (*request_.lines, RequestLine(id="free", amount=5_000, tax_class=untaxed))
        free = ask("estimate", attrs.evolve(request_, lines=lines)).line("free")

        assert 0 == free.tax
        assert free.reason or (free.taxes and all(tax.category != "S" and tax.source for tax in free.taxes))

    def test_the_same_question_has_the_same_answer(self, ask: Ask, request_: TaxRequest) -> None:
        """The same request gets the same figures, in whatever order others are asked between."""
        first = ask("estimate", request_)
        ask("estimate", attrs.evolve(request_, lines=request_.lines[:1]))
        again = ask("estimate", request_)

        assert (first.lines, first.total) == (again.lines, again.total)

    def test_an_answer_says_who_and_until_when(self, ask: Ask, request_: TaxRequest) -> None:
        """It names its source, the instant it was made, and a later one until which a quote may rest on it."""
        found = ask("estimate", request_)

        assert found.source
        assert found.as_of < found.valid_until
        assert found.is_valid(found.as_of) and not found.is_valid(found.valid_until)
        assert found.degraded is False

    def test_an_answer_in_anothers_place_is_degraded(
        self, stand_in: TaxProvider | None, drive: Drive, request_: TaxRequest
    ) -> None:
        """What was worked out in place of the one who should have is marked so."""
        if stand_in is None:
            pytest.skip("it stands in for nobody")
        found: TaxEstimate = drive(resolved(stand_in.estimate(request_)))

        assert found.degraded is True

    def test_a_country_that_it_does_not_know_is_refused(
        self, provider: TaxProvider, ask: Ask, request_: TaxRequest
    ) -> None:
        """Where countries are stated, any other is not supported, and no tax is assumed there."""
        known = provider.capabilities.countries
        if known:
            other = next(code for code in ("AQ", "NO", "US") if code not in known)
            situation = attrs.evolve(request_.situation, destination=Place(other))
            with pytest.raises(NotSupported):
                ask("estimate", attrs.evolve(request_, situation=situation))

    def test_prices_may_include_tax(self, provider: TaxProvider, ask: Ask, request_: TaxRequest) -> None:
        """What a price contains is less than what comes on top of it; refused where that isn't supported."""
        lines = tuple(attrs.evolve(line, includes_tax=True) for line in request_.lines)
        inside = attrs.evolve(request_, lines=lines)
        if TaxCan.INCLUDED_PRICES in provider.capabilities.lacks:
            with pytest.raises(NotSupported):
                ask("estimate", inside)
        else:
            assert 0 < ask("estimate", inside).total < ask("estimate", request_).total

    def test_a_certificate_frees_its_holder(self, provider: TaxProvider, ask: Ask, request_: TaxRequest) -> None:
        """A valid one for the place takes the tax away and stands in the evidence; refused where not supported."""
        place = request_.situation.destination
        paper = Certificate("KIT-1", "Kit", place.country, date(2020, 1, 1), source="a test")
        buyer = attrs.evolve(request_.situation.buyer, certificates=(paper,))
        asked = attrs.evolve(request_, situation=attrs.evolve(request_.situation, buyer=buyer))
        if TaxCan.CERTIFICATES in provider.capabilities.lacks:
            with pytest.raises(NotSupported):
                ask("estimate", asked)
        else:
            found = ask("estimate", asked)
            assert 0 == found.total
            assert all(line.taxes or line.reason for line in found.lines)

    def test_an_estimate_keeps_nothing(self, provider: TaxProvider, ask: Ask, request_: TaxRequest) -> None:
        """Only what was committed can be refunded or voided."""
        if TaxCan.COMMIT not in provider.capabilities.lacks:
            ask("estimate", attrs.evolve(request_, reference="kit-estimate"))
            with pytest.raises(NotFoundOutside):
                ask("void", "kit-estimate", key="kit-estimate-void")

    def test_what_it_cannot_do_is_refused(self, provider: TaxProvider, ask: Ask, document: TaxDocument) -> None:
        """Every method that it lacks says so, and does nothing."""
        lacks = provider.capabilities.lacks
        calls: dict[TaxCan, list[tuple[str, tuple[Any, ...], dict[str, str]]]] = {
            TaxCan.COMMIT: [("commit", (document,), {"key": "k1"}), ("void", (document.number,), {"key": "k2"})],
            TaxCan.REFUND: [("refund", (document.number, whole(document)), {"key": "k3"})],
            TaxCan.VALIDATE_IDS: [("validate_id", ("ID", "0013121660091000"), {})],
        }
        for capability, methods in calls.items():
            for method, given, named in methods if capability in lacks else ():
                with pytest.raises(NotSupported):
                    ask(method, *given, **named)

    def test_an_id_is_valid_or_it_is_not(self, provider: TaxProvider, ask: Ask, request: pytest.FixtureRequest) -> None:
        """The register's word, with its instant; an answer may be pending, and nonsense is invalid, never an error."""
        if (lack := provider.capabilities.lacks.get(TaxCan.VALIDATE_IDS)) is not None:
            pytest.skip(f"lacks validate_ids: {lack}")
        known, unknown = request.getfixturevalue("ids")
        assert ask("validate_id", *known).state in (IdState.VALID, IdState.PENDING)
        for wrong in (unknown, ("DE", ""), ("DE", "☕"), ("ZZ", "x" * 500)):
            assert ask("validate_id", *wrong).state in (IdState.INVALID, IdState.PENDING)
        assert ask("validate_id", *known).as_of.tzinfo is not None

    def test_a_provider_that_is_away_says_so(
        self, unreachable: TaxProvider | None, drive: Drive, request_: TaxRequest
    ) -> None:
        """An estimate that nobody gives is an `OutsideError` that isn't a definite no; an id is pending."""
        if unreachable is None:
            pytest.skip("it asks nobody")
        with pytest.raises(OutsideError) as refused:
            drive(resolved(unreachable.estimate(request_)))
        assert refused.value.means is not EffectState.FAILED
        if TaxCan.VALIDATE_IDS not in unreachable.capabilities.lacks:
            assert IdState.PENDING is drive(resolved(unreachable.validate_id("DE", "DE136695976"))).state
