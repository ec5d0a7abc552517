"""The conformance kit of the exchange rates port: subclass `ExchangeRatesKit`, give one fixture, run pytest.

    class TestAcmeRates(ExchangeRatesKit):
        @pytest.fixture
        def published(self):
            return lambda figures: AcmeRates(answers=recorded(figures))

Each check's docstring is one promise of `tokolib.pricing.ExchangeRates`. What the source's `capabilities` lack is not
asked for; the kit checks that it is refused then, and not made up. An async adapter overrides `drive` as well, with
something that runs a coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, cast

import pytest

from tokolib.kernel import hosting
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.pricing.exchange.errors import RateNotFound
from tokolib.pricing.exchange.model import Quotation, Rate, RateKind
from tokolib.pricing.exchange.ports import ExchangeCan, ExchangeCapabilities, ExchangeRates
from tokolib.testing.storage_checks.driven import Drive

SUNDAY: Final = date(2026, 3, 15)
DAY: Final = timedelta(days=1)
TOLERANCE: Final = Fraction(1, 1000)
"""How far two published rates may be from being each other's inverse."""

Published = Callable[[Sequence[Quotation]], ExchangeRates]
Asked = Callable[..., Rate]


def figure(
    base: str,
    quote: str,
    value: int | str | Fraction,
    *,
    on: date = SUNDAY,
    kind: RateKind = RateKind.MID,
    source: str = "Bank Sentral",
) -> Quotation:
    """A published figure, with what a check doesn't care about."""
    return Quotation(on, base, quote, kind, Fraction(value), source)


class ExchangeRatesKit:
    """Every promise of the exchange rates port."""

    @pytest.fixture
    def published(self) -> Published:
        """Makes a source in which the given figures were published and no others.

        If it can work a rate out of two others, it goes through US dollars.
        """
        raise NotImplementedError("override the fixture published")

    @pytest.fixture
    def on(self) -> date:
        """The day for which rates are asked; a source without a history gives its own."""
        return SUNDAY

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def asked(self, published: Published, drive: Drive, on: date) -> Asked:
        """Asks a source of some figures for a rate, of `on` unless told."""

        def ask(figures: Sequence[Quotation], base: str, quote: str, **more: Any) -> Rate:
            asked = {"on": on, **more}
            return cast(Rate, drive(resolved(published(figures).rate(base, quote, **asked))))

        return ask

    @pytest.fixture
    def able(self, published: Published) -> ExchangeCapabilities:
        """What the source says that it can do."""
        return published([]).capabilities

    def test_capabilities_are_stated(self, able: ExchangeCapabilities) -> None:
        """A source says how old a rate may be, and gives a reason for all that it can't do."""
        assert isinstance(able, ExchangeCapabilities)
        assert able.max_age_days >= 0
        assert all(able.lacks.values())

    def test_a_published_rate_is_answered_as_it_was_published(self, asked: Asked, on: date) -> None:
        """To the last digit, with its source, its day and its kind."""
        for value in ("16250", "0.000061538461", "1.08765", str(10**12)):
            rate = asked([figure("USD", "IDR", value, on=on)], "USD", "IDR")

            told = (rate.base, rate.quote, rate.value, rate.source, rate.as_of, rate.kind)
            assert ("USD", "IDR", Fraction(value), "Bank Sentral", on, RateKind.MID) == told

    def test_the_most_recent_rate_of_that_day_or_before(
        self, asked: Asked, able: ExchangeCapabilities, on: date
    ) -> None:
        """On a Sunday Friday's, in whatever order they were published; none, where that is too old or not known."""
        days = [figure("USD", "IDR", 16_000 + back, on=on - back * DAY) for back in (3, 2, 4)]

        for figures in (days, days[::-1]):
            if ExchangeCan.HISTORY in able.lacks or able.max_age_days < 2:
                with pytest.raises(RateNotFound):
                    asked(figures, "USD", "IDR")
                continue
            rate = asked(figures, "USD", "IDR")
            assert (Fraction(16_002), on - 2 * DAY) == (rate.value, rate.as_of)

    def test_a_later_rate_is_never_looked_at(self, asked: Asked, able: ExchangeCapabilities, on: date) -> None:
        """Neither beside one of the day, nor where there is no other, nor on the way through another currency."""
        later = figure("USD", "IDR", 20_000, on=on + DAY)

        assert 16_000 == asked([later, figure("USD", "IDR", 16_000, on=on)], "USD", "IDR").value
        for figures in ([later], [later, figure("EUR", "USD", "1.1", on=on)]):
            with pytest.raises(RateNotFound):
                asked(figures, figures[-1].base, "IDR")

    def test_a_rate_that_is_too_old_is_none(self, asked: Asked, able: ExchangeCapabilities, on: date) -> None:
        """`max_age_days` before the day is old enough to be taken, a day more is not; its day is told."""
        oldest = on - able.max_age_days * DAY
        if ExchangeCan.HISTORY not in able.lacks:
            assert oldest == asked([figure("USD", "IDR", 16_000, on=oldest)], "USD", "IDR").as_of
        with pytest.raises(RateNotFound) as refused:
            asked([figure("USD", "IDR", 16_000, on=oldest - DAY)], "USD", "IDR")

        told = (refused.value.base, refused.value.quote, refused.value.on, refused.value.max_age_days)
        assert ("USD", "IDR", on, able.max_age_days) == told
        assert refused.value.latest in (None, oldest - DAY)

    def test_no_rate_is_made_up(self, asked: Asked, on: date) -> None:
        """What was never published is refused, and is not 1."""
        for figures in ([], [figure("USD", "SGD", "1.35", on=on)]):
            with pytest.raises(RateNotFound):
                asked(figures, "JPY", "IDR")

    def test_a_currency_that_is_none_is_refused(self, asked: Asked, on: date) -> None:
        """By its code, on either side, and in itself."""
        for base, quote in (("XQX", "IDR"), ("USD", "rupiah"), ("", "IDR"), ("ZZZ", "ZZZ")):
            with pytest.raises(UnknownCurrency):
                asked([figure("USD", "IDR", 16_000, on=on)], base, quote)

    def test_a_currency_in_itself_is_one(self, asked: Asked, on: date) -> None:
        """Exactly, without anything published."""
        rate = asked([], "IDR", "IDR")

        assert (Fraction(1), on) == (rate.value, rate.as_of)

    def test_the_other_way_round_is_the_inverse(self, asked: Asked, able: ExchangeCapabilities, on: date) -> None:
        """Exactly, where it is worked out, with the figure that it rests on; refused where that is not claimed."""
        figures = [figure("USD", "IDR", 16_250, on=on)]
        if ExchangeCan.INVERT in able.lacks:
            with pytest.raises(RateNotFound):
                asked(figures, "IDR", "USD")
            return
        rate = asked(figures, "IDR", "USD")

        assert 1 == rate.value * asked(figures, "USD", "IDR").value
        assert (tuple(figures), on) == (rate.legs, rate.as_of)

    def test_two_published_ways_nearly_undo_each_other(self, asked: Asked, on: date) -> None:
        """Each is answered as it was published; their product is 1 within a thousandth."""
        figures = [figure("USD", "IDR", 16_250, on=on), figure("IDR", "USD", "0.0000615", on=on)]
        there, back = asked(figures, "USD", "IDR").value, asked(figures, "IDR", "USD").value

        assert (Fraction(16_250), Fraction("0.0000615")) == (there, back)
        assert abs(there * back - 1) <= TOLERANCE

    def test_kinds_are_never_mixed(self, asked: Asked, able: ExchangeCapabilities, on: date) -> None:
        """A bank's selling rate is no middle one; what it pays for dollars is what it asks for rupiah."""
        figures = [
            figure("USD", "IDR", 16_100, on=on, kind=RateKind.BUY),
            figure("USD", "IDR", 16_400, on=on, kind=RateKind.SELL),
        ]

        assert 16_100 == asked(figures, "USD", "IDR", kind=RateKind.BUY).value
        assert 16_400 == asked(figures, "USD", "IDR", kind=RateKind.SELL).value
        for kind in (RateKind.MID, RateKind.TAX):
            with pytest.raises(RateNotFound):
                asked(figures, "USD", "IDR", kind=kind)
        if ExchangeCan.INVERT not in able.lacks:
            assert Fraction(1, 16_100) == asked(figures, "IDR", "USD", kind=RateKind.SELL).value

    def test_through_a_third_currency_both_sources_are_told(
        self, asked: Asked, able: ExchangeCapabilities, on: date
    ) -> None:
        """The exact product, with both figures; refused where that is not claimed."""
        figures = [
            figure("EUR", "USD", "1.0875", on=on, source="Bank Eropa"),
            figure("USD", "IDR", 16_250, on=on, source="Bank Indonesia"),
        ]
        if ExchangeCan.TRIANGULATE in able.lacks:
            with pytest.raises(RateNotFound):
                asked(figures, "EUR", "IDR")
            return
        rate = asked(figures, "EUR", "IDR")

        assert (Fraction("1.0875") * 16_250, tuple(figures)) == (rate.value, rate.legs)
        assert all(each.source in rate.source for each in figures)

    def test_through_a_third_currency_the_older_day_counts(
        self, asked: Asked, able: ExchangeCapabilities, on: date
    ) -> None:
        """The rate is of that day; where it is too old, there is none."""
        oldest = on - able.max_age_days * DAY
        newer = figure("USD", "IDR", 16_250, on=on)

        if not {ExchangeCan.TRIANGULATE, ExchangeCan.HISTORY} & able.lacks.keys():
            assert oldest == asked([figure("EUR", "USD", "1.1", on=oldest), newer], "EUR", "IDR").as_of
        with pytest.raises(RateNotFound):
            asked([figure("EUR", "USD", "1.1", on=oldest - DAY), newer], "EUR", "IDR")

    def test_what_was_published_goes_before_what_is_worked_out(self, asked: Asked, on: date) -> None:
        """A cross rate is no better than the one that somebody answers for."""
        figures = [
            figure("EUR", "USD", "1.1", on=on),
            figure("USD", "IDR", 16_000, on=on),
            figure("EUR", "IDR", 17_500, on=on),
        ]

        rate = asked(figures, "EUR", "IDR")

        assert Fraction(17_500) == rate.value
        assert not rate.legs
