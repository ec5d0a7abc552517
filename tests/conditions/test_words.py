"""Predicates in words, and why they do not hold, in Indonesian and English."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    FACTS,
    WORDING,
    Always,
    FactType,
    Weekday,
    all_of,
    at_least,
    at_most,
    contradictions,
    during,
    equal,
    facts_asked,
    in_words,
    never,
    one_of,
    overlaps,
    weekly,
    why_not,
)
from tokolib.conditions.reasons import too_little
from tokolib.kernel.explain import render
from tokolib.kernel.formats import show
from tokolib.kernel.money import IDR

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)


def test_why_not_speaks_to_the_customer():
    """What is asked, what there is, and what is missing, in money; a Not shows what must not be."""
    rule = (
        at_least("subtotal", 100_000)
        & one_of("province", "Bali", "Aceh")
        & never(equal("tender", "cod"))
        & (overlaps("tags", "kopi") | equal("first_order", True))
        & during(T0, T0 + timedelta(days=1), zone="Asia/Jakarta")
        & at_least("x.points", Decimal("1.5"))
        & never(equal("country", "SG") | equal("city", "Batam"))
    )
    facts = {
        "subtotal": 75_000, "province": "Jambi", "tender": "cod", "tags": frozenset({"teh", "gula"}),
        "first_order": False, "now": T0 - timedelta(days=1), "x.points": Decimal(1), "currency": "IDR", "country": "ID",
    }  # fmt: skip

    told = [render(cause, WORDING["id"], partial(show, locale="id")) for cause in why_not(rule, facts)]

    assert told == [
        "nilai belanja minimal Rp100.000, sekarang Rp75.000 (kurang Rp25.000)",
        "provinsi tujuan salah satu dari Aceh, Bali, sekarang Jambi",
        "Tidak boleh:\n  cara bayar: cod",
        "Salah satu dari ini harus terpenuhi:\n"
        "  label memuat salah satu dari kopi, sekarang gula, teh\n"
        "  pesanan pertama: ya, sekarang tidak",
        "berlaku 17 Agu 2026 00.00 (Asia/Jakarta) sampai sebelum 18 Agu 2026 00.00 (Asia/Jakarta), "
        "sekarang 16 Agu 2026 00.00 (Asia/Jakarta)",
        "x.points minimal 1,5, sekarang 1 (kurang 0,5)",
        "kota/kabupaten tujuan belum diketahui",
    ]
    assert IDR(25_000) == why_not(rule, facts)[0]["missing"]
    assert 25_000 == why_not(rule, {"subtotal": 75_000})[0]["missing"]
    assert () == why_not(Always(), {})
    (late,) = why_not(at_least("x.since", T0), {"x.since": T0 - timedelta(1)})
    assert "conditions.not_before" == late.code
    (undecided,) = why_not(never(never(equal("city", "x")) & Always()), {})
    assert "conditions.unknown.city" == undecided.code


def test_a_predicate_in_words():
    """One sentence, parts in brackets where they are mixed."""
    rule = at_least("subtotal", 100_000) & (one_of("channel", "web") | never(equal("tender", "cod")))

    assert "subtotal at least Rp100,000 and (channel one of web or not if tender: cod)" == in_words(rule, "en", IDR)
    assert "nilai belanja minimal 100.000 dan (kanal salah satu dari web atau tidak berlaku bila cara bayar: cod)" == (
        in_words(rule, "id")
    )
    assert "SKUs with one of a0, a1, a2, a3, a4, a5, a6, a7, … (+2)" == in_words(
        overlaps("skus", *[f"a{i}" for i in range(10)]), "en"
    )
    assert "valid until before 16 Aug 2026 17:00 (UTC)" == in_words(during(None, T0, zone="UTC"), "en")
    assert ("always", "selalu") == (in_words(Always(), "en"), in_words(Always(), "id"))


def test_every_documented_fact_has_words_and_a_type():
    """In both languages; codes of the two wordings are the same."""
    assert set(WORDING["id"]) == set(WORDING["en"])
    for name, fact in FACTS.items():
        assert f"conditions.unknown.{name}" in WORDING["id"]
        assert fact.meaning
        assert fact.type in FactType


@pytest.mark.parametrize(
    ("days", "id_", "en"),
    [
        ("12345", "Senin sampai Jumat", "Monday to Friday"),
        ("6", "Sabtu", "Saturday"),
        ("67", "Sabtu dan Minggu", "Saturday and Sunday"),
        ("17", "Senin dan Minggu", "Monday and Sunday"),
        ("135", "Senin, Rabu dan Jumat", "Monday, Wednesday and Friday"),
        ("1567", "Jumat sampai Senin", "Friday to Monday"),
        ("2346", "Selasa sampai Kamis dan Sabtu", "Tuesday to Thursday and Saturday"),
        ("1234567", "setiap hari", "every day"),
    ],
)
def test_days_are_named_as_people_name_them(days, id_, en):
    """Three that follow each other are a run, over the week's end as well."""
    rule = weekly(*[list(Weekday)[int(day) - 1] for day in days], since="09:00", until="17:30", zone="Asia/Jakarta")

    assert f"{id_} pukul 09.00–17.30 WIB" == in_words(rule, "id")
    assert f"{en} 09:00–17:30 (Asia/Jakarta)" == in_words(rule, "en")


@pytest.mark.parametrize(
    ("zone_name", "clock"),
    [
        ("Asia/Pontianak", "WIB"),
        ("Asia/Makassar", "WITA"),
        ("Asia/Jayapura", "WIT"),
        ("Europe/Berlin", "(Europe/Berlin)"),
    ],
)
def test_hours_are_told_in_the_clocks_of_their_zone(zone_name, clock):
    """By the name that Indonesia gives them, and other zones by their own; past midnight it says so."""
    night = weekly("friday", since="22:00", until="02:00", zone=zone_name)

    assert f"Jumat pukul 22.00 sampai 02.00 hari berikutnya {clock}" == in_words(night, "id")
    assert f"Friday 22:00 to 02:00 the next day ({zone_name})" == in_words(night, "en")


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.sampled_from(["subtotal", "subtotal_with_tax"]))
def test_too_little_is_what_why_not_says(wanted, actual, fact):
    """The short way to the one sentence that customers read most."""
    facts = {fact: actual, "currency": "IDR"}

    said = why_not(at_least(fact, wanted), facts)

    assert said == ((too_little(fact, wanted, actual, IDR),) if actual < wanted else ())


def test_why_not_says_which_day_it_is_now():
    """A date alone doesn't tell that it is a Sunday; the weekday is that of the rule's own zone."""
    office = weekly("monday", "tuesday", since="09:00", until="17:00", zone="Asia/Jakarta")
    sunday = datetime(2026, 11, 1, 16, 59, tzinfo=UTC)

    (cause,) = why_not(office, {"now": sunday})
    assert "conditions.weekly.12" == cause.code
    assert sunday == cause["actual"]
    assert "Senin dan Selasa pukul 09.00–17.00 WIB\n  sekarang Minggu, 1 Nov 2026 23.59 (Asia/Jakarta)" == render(
        cause, WORDING["id"], partial(show, locale="id")
    )
    (cause,) = why_not(office, {"now": sunday + timedelta(minutes=1)})
    assert "Monday and Tuesday 09:00–17:00 (Asia/Jakarta)\n  now Monday, 2 Nov 2026 00:00 (Asia/Jakarta)" == render(
        cause, WORDING["en"], partial(show, locale="en")
    )
    (cause,) = why_not(~office, {"now": sunday + timedelta(hours=10)})
    assert "Tidak boleh:\n  Senin dan Selasa pukul 09.00–17.00 WIB" == render(
        cause, WORDING["id"], partial(show, locale="id")
    )
    (cause,) = why_not(office, {})
    assert "waktu belum diketahui" == render(cause, WORDING["id"], partial(show, locale="id"))


def test_amounts_of_every_stage_are_money():
    """Of thresholds with tax and after discounts too, with what is missing."""
    rule = all_of(
        at_least("subtotal_after_discounts", 100_000),
        at_least("subtotal_with_tax", 111_000),
        at_least("subtotal_after_discounts_with_tax", 90_000),
        at_most("unit_price", 5_000),
    )
    facts = dict.fromkeys(facts_asked(rule), 80000) | {"currency": "IDR"}

    assert [
        "nilai belanja setelah diskon minimal Rp100.000, sekarang Rp80.000 (kurang Rp20.000)",
        "nilai belanja termasuk pajak minimal Rp111.000, sekarang Rp80.000 (kurang Rp31.000)",
        "nilai belanja setelah diskon termasuk pajak minimal Rp90.000, sekarang Rp80.000 (kurang Rp10.000)",
        "harga satuan maksimal Rp5.000, sekarang Rp80.000",
    ] == [render(cause, WORDING["id"], partial(show, locale="id")) for cause in why_not(rule, facts)]


def test_every_sentence_takes_its_values_from_the_reason():
    """No place without a value, in either language; both languages have the same codes."""
    known = {"fact", "wanted", "low", "high", "actual", "missing", "since", "until", "time_zone", "clock"}
    known |= {"since_minute", "until_minute"}

    for locale in ("id", "en"):
        for code, text in WORDING[locale].items():
            assert set(re.findall(r"{(\w+)}", text)) <= known, code
            assert text == text.strip()
    assert WORDING["id"].keys() == WORDING["en"].keys()


def test_a_contradiction_tells_amounts_as_money():
    """Where the currency is named."""
    rule = at_least("subtotal", 100_000) & at_most("subtotal", 50_000)

    (fault,) = contradictions(rule, IDR)
    assert "can never hold together with subtotal at least Rp100,000 (of[0])" == fault.message
    assert "subtotal at most Rp50,000" == fault.value
