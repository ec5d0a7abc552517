"""Predicates in words, and why they do not hold, in Indonesian and English."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from tokolib.conditions import (
    FACTS,
    WORDING,
    Always,
    FactType,
    at_least,
    during,
    equal,
    in_words,
    never,
    one_of,
    overlaps,
    why_not,
)
from tokolib.kernel.explain import render
from tokolib.kernel.formats import show
from tokolib.kernel.money import IDR

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001


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
    assert "conditions.at_least" == late.code
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
