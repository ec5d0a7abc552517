"""The predicate language: decided or left open, stored and read back, explained in two languages."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    FACTS,
    WORDING,
    All,
    Always,
    AnyOf,
    Compare,
    FactType,
    InvalidPredicate,
    Not,
    OneOf,
    Operator,
    Overlaps,
    Window,
    all_of,
    any_of,
    at_least,
    at_most,
    between,
    check,
    checked,
    during,
    equal,
    facts_asked,
    from_plain,
    holds,
    in_words,
    less_than,
    more_than,
    never,
    not_equal,
    one_of,
    overlaps,
    to_plain,
    unknown,
    verdict,
    why_not,
)
from tokolib.conditions.model import DEEPEST, MOST_PARTS
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.explain import render
from tokolib.kernel.formats import show
from tokolib.kernel.money import IDR

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000, places=3)
TEXTS = st.sampled_from(["web", "app", "Bali", "Aceh"])
FACT_STRATEGIES = {
    "subtotal": st.integers(0, 10**6),
    "quantity": NUMBERS,
    "channel": TEXTS,
    "tags": st.frozensets(TEXTS),
    "first_order": st.booleans(),
    "now": INSTANTS,
}
FACTS_GIVEN = st.fixed_dictionaries({}, optional=FACT_STRATEGIES)
ORDER = st.sampled_from([Operator.AT_LEAST, Operator.MORE_THAN, Operator.AT_MOST, Operator.LESS_THAN])
LEAVES = st.one_of(
    st.just(Always()),
    st.builds(Compare, st.just("subtotal"), st.sampled_from(Operator), st.integers(0, 10**6)),
    st.builds(Compare, st.just("quantity"), ORDER, NUMBERS),
    st.builds(Compare, st.just("first_order"), st.just(Operator.EQUAL), st.booleans()),
    st.builds(OneOf, st.just("channel"), st.lists(TEXTS, min_size=1).map(tuple)),
    st.builds(Overlaps, st.just("tags"), st.lists(TEXTS, min_size=1).map(tuple)),
    st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[0] != pair[1]).map(lambda p: between("quantity", *sorted(p))),
    st.tuples(INSTANTS, st.timedeltas(timedelta(seconds=1), timedelta(days=900))).map(
        lambda pair: during(pair[0], pair[0] + pair[1], zone="Asia/Jakarta")
    ),
    st.builds(Window, INSTANTS, st.none(), st.just("UTC")),
    st.builds(Window, st.none(), INSTANTS, st.just("UTC")),
)
PARTS = lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple)  # noqa: E731
PREDICATES = st.recursive(
    LEAVES, lambda inner: PARTS(inner).map(All) | PARTS(inner).map(AnyOf) | inner.map(Not), max_leaves=8
)


@given(PREDICATES)
def test_a_predicate_survives_json(predicate):
    """to_plain, JSON, from_plain: the same value; equal values have equal fingerprints."""
    again = from_plain(json.loads(json.dumps(to_plain(predicate))))

    assert predicate == again
    assert to_plain(predicate) == to_plain(again)
    assert fingerprint(predicate) == fingerprint(again)
    assert hash(predicate) == hash(again)


@given(PREDICATES, FACTS_GIVEN)
def test_the_three_answers_agree_with_what_is_told(predicate, facts):
    """holds, unknown and why_not say the same thing in three ways, and every reason has words."""
    answer = verdict(predicate, facts)
    reasons = why_not(predicate, facts)

    assert holds(predicate, facts) is (answer is True) is (reasons == ())
    assert (answer is None) is (unknown(predicate, facts) != ())
    assert set(unknown(predicate, facts)) <= facts_asked(predicate) - set(facts)
    assert check(predicate) == ()
    for locale in ("id", "en"):
        for cause in reasons:
            assert all(node.code in WORDING[locale] for node in cause.walk())
            assert "{" not in render(cause, WORDING[locale], partial(show, locale=locale))
        assert "{" not in in_words(predicate, locale, IDR)


@given(PREDICATES, PREDICATES, FACTS_GIVEN)
def test_the_logic_of_three_values(a, b, facts):
    """Not undoes itself, De Morgan holds, and the order of parts doesn't matter."""
    assert verdict(a, facts) is verdict(~~a, facts)
    assert verdict(~(a & b), facts) is verdict(~a | ~b, facts)
    assert verdict(a | b, facts) is verdict(b | a, facts)
    assert verdict(a & b, facts) is verdict(all_of(b, a), facts)
    assert verdict(a & Always(), facts) is verdict(a, facts)


@given(PREDICATES, FACTS_GIVEN, FACTS_GIVEN)
def test_more_facts_never_change_what_is_decided(predicate, facts, more):
    """An estimate that is decided stays so when the rest becomes known."""
    answer = verdict(predicate, facts)

    assert answer is None or answer is verdict(predicate, {**more, **facts})


def test_operators_at_their_edges():
    """At least includes, more than excludes; a range includes its low end only."""
    facts = {"quantity": Decimal("2.0")}
    answers = [
        holds(build("quantity", 2), facts) for build in (equal, not_equal, at_least, more_than, at_most, less_than)
    ]

    assert [True, False, True, False, True, False] == answers
    assert [False, True, True, False] == [holds(between("quantity", 2, 5), {"quantity": n}) for n in (1, 2, 4, 5)]
    assert [True, False] == [
        holds(during(T0, T0 + timedelta(1), zone="UTC"), {"now": T0 + timedelta(n)}) for n in (0, 1)
    ]


@pytest.mark.parametrize(
    ("predicate", "facts"),
    [
        (equal("first_order", True), {"first_order": 1}),
        (equal("quantity", 1), {"quantity": True}),
        (at_least("subtotal", 1), {"subtotal": "5"}),
        (at_least("subtotal", 1), {"subtotal": 5.0}),
        (between("quantity", 1, 3), {"quantity": "2"}),
        (one_of("channel", "web"), {"channel": frozenset({"web"})}),
        (overlaps("tags", "a"), {"tags": 5}),
        (during(T0, None, zone="UTC"), {"now": "2026-08-17"}),
        (not_equal("city", "x"), {}),
        (never(not_equal("city", "x")), {}),
    ],
)
def test_what_is_missing_or_of_another_kind_is_never_granted(predicate, facts):
    """True is not 1, text is no number, and nobody gets free shipping for an unknown city."""
    assert not holds(predicate, facts)
    assert (*facts_asked(predicate),) == unknown(predicate, facts)
    assert "conditions.unknown" in why_not(predicate, facts)[0].code


def test_one_name_counts_as_a_set_of_names():
    """A single coupon is a set of one."""
    assert holds(overlaps("coupon", "HEMAT"), {"coupon": "HEMAT"})
    assert not holds(overlaps("coupon", "HEMAT"), {"coupon": frozenset()})


def test_a_naive_instant_is_refused_not_compared():
    """A fact without a zone could mean two moments."""
    for predicate, name in ((at_least("x.since", T0), "x.since"), (during(T0, None, zone="UTC"), "now")):
        with pytest.raises(NaiveDatetime):
            holds(predicate, {name: NAIVE})


def test_only_what_still_matters_is_asked_for():
    """A part that is decided makes the others' facts superfluous."""
    rule = at_least("subtotal", 100) & one_of("province", "Bali") & (equal("tender", "cod") | equal("channel", "pos"))

    assert () == unknown(rule, {"subtotal": 5})
    assert ("province",) == unknown(rule, {"subtotal": 500, "tender": "cod"})
    assert ("channel", "province", "tender") == unknown(rule, {"subtotal": 500})


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


def test_values_have_one_order_and_no_doubles():
    """The same wish is the same value, however it was written; chains are flat."""
    assert one_of("channel", "web", "app", "web") == one_of("channel", "app", "web")
    assert overlaps("tags", "b", "a") == overlaps("tags", "a", "b")
    assert 20 == len(all_of(*[equal("quantity", n) for n in range(20)]).of)
    chain = Always() & Always() & Always() & Always()
    assert All((Always(),) * 4) == chain
    assert AnyOf((Always(),) * 3) == Always() | Always() | Always()
    assert (Always(), Always(), equal("a", 1)) == (all_of(), all_of(Always()), any_of(equal("a", 1)))
    assert AnyOf((Always(), Always())) == any_of(Always(), Always())


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (lambda: equal("Subtotal", 1), "fact"),
        (lambda: equal(5, 1), "fact"),
        (lambda: equal("a" * 65, 1), "fact"),
        (lambda: Compare("a", "about", 1), "operator"),
        (lambda: at_least("city", "x"), "value"),
        (lambda: at_least("a", True), "value"),
        (lambda: equal("a", 0.5), "value"),
        (lambda: equal("a", Decimal("NaN")), "value"),
        (lambda: equal("a", NAIVE), "value"),
        (lambda: equal("a", None), "value"),
        (lambda: equal("a", "x" * 201), "value"),
        (lambda: one_of("a"), "values"),
        (lambda: one_of("a", 1, "b"), "values[1]"),
        (lambda: one_of("a", 1.5), "values[0]"),
        (lambda: one_of("a", True), "values[0]"),
        (lambda: one_of("a", [], "b"), "values[0]"),
        (lambda: overlaps("a", 1), "values[0]"),
        (lambda: overlaps("a", 1, "b"), "values[0]"),
        (lambda: between("a", 5, 5), "high"),
        (lambda: between("a", 5, T0), "low"),
        (lambda: between("a", "a", "b"), "low"),
        (lambda: during(None, None, zone="UTC"), "since"),
        (lambda: during(T0, T0, zone="UTC"), "until"),
        (lambda: during(T0, None, zone="Mars"), "zone"),
        (lambda: during(NAIVE, None, zone="UTC"), "since"),
        (lambda: during("2026", None, zone="UTC"), "since"),
        (lambda: All(()), "of"),
        (lambda: All([Always()]), "of"),
        (lambda: AnyOf(("x",)), "of[0]"),
        (lambda: any_of(), "of"),
        (lambda: Not("x"), "of"),
        (lambda: All((Always(),) * (MOST_PARTS + 1)), "of"),
    ],
)
def test_a_node_refuses_nonsense_at_birth(build, path):
    """What exists can be evaluated."""
    with pytest.raises(InvalidPredicate) as caught:
        build()
    assert path == caught.value.faults[0].path


def test_nesting_has_a_limit_in_code_and_on_the_wire():
    """Sixteen levels, whoever nests."""
    deep, plain = Always(), {"is": "always"}
    for _ in range(DEEPEST - 1):
        deep, plain = Not(deep), {"is": "not", "of": plain}
    assert deep == from_plain(plain)

    with pytest.raises(InvalidPredicate, match="deeper than 16"):
        Not(deep)
    for _ in range(5_000):
        plain = {"is": "not", "of": plain}
    with pytest.raises(InvalidPredicate, match="deeper than 16"):
        from_plain(plain)


def test_reading_names_every_fault_with_its_path():
    """Missing and unknown keys, wrong kinds, bad values: all in one go."""
    plain = {
        "is": "all",
        "of": [
            {"is": "compare", "fact": "Sub", "operator": "ge", "value": 1.5},
            {"is": "window", "since": {"instant": "yesterday"}, "until": None, "zone": "UTC"},
            {"is": "window", "since": {"instant": "2026-01-01"}, "until": None, "zone": "Mars"},
            {"is": "foo"},
            {"is": ["all"]},
            {"is": "not"},
            "always",
            {"is": "always", "why": 1},
            {"is": "one_of", "fact": "a", "values": []},
            {"is": "overlaps", "fact": "a", "values": "abc"},
            {"is": "any_of", "of": {}},
            {"is": "any_of", "of": []},
            {"is": "any_of", "of": [{"is": "always"}] * (MOST_PARTS + 1)},
            {"is": "between", "fact": "a", "low": {"decimal": "1e5"}, "high": {"decimal": "2", "x": 1}},
            {"is": "compare", "fact": "a", "operator": "at_least", "value": None},
            {"is": "window", "since": None, "until": None, "zone": 5},
            {"is": "not", "of": {"is": "not", "of": 7}},
        ],
    }

    with pytest.raises(InvalidPredicate) as caught:
        from_plain(plain, "promotion.conditions")

    assert [fault.path.removeprefix("promotion.conditions.") for fault in caught.value.faults] == [
        "of[0].fact", "of[0].operator", "of[0].value",
        "of[1].since", "of[2].since", "of[3].is", "of[4].is", "of[5].of", "of[6]", "of[7].why", "of[8].values",
        "of[9].values", "of[10].of", "of[11].of", "of[12].of", "of[13].low", "of[13].high", "of[14].value",
        "of[15].zone", "of[16].of.of",
    ]  # fmt: skip
    assert "promotion.conditions.of[5].of" in str(caught.value)
    with pytest.raises(InvalidPredicate):
        from_plain(None)


KEYS = st.sampled_from(["is", "of", "fact", "operator", "value", "values", "low", "high", "since", "zone"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["all", "not", "compare", "equal", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@given(JSON)
def test_any_json_is_read_or_refused(plain):
    """Nothing that a form or a file sends raises anything else."""
    try:
        from_plain(plain)
    except InvalidPredicate as error:
        assert error.faults


def test_the_wire_form_is_what_is_documented():
    """Stored promotions depend on these very keys."""
    assert {"is": "compare", "fact": "subtotal", "operator": "at_least", "value": 100_000} == to_plain(
        at_least("subtotal", 100_000)
    )
    assert {"is": "between", "fact": "x.kg", "low": {"decimal": "1.5"}, "high": 2} == to_plain(
        between("x.kg", Decimal("1.50"), 2)
    )
    assert {
        "is": "window",
        "since": {"instant": "2026-08-16T17:00:00+00:00"},
        "until": None,
        "zone": "Asia/Jakarta",
    } == (to_plain(during(T0, None, zone="Asia/Jakarta")))


def test_a_misspelt_fact_is_told_when_the_rule_is_put():
    """Names and types by the vocabulary; a host's own facts are free."""
    rule = all_of(
        at_least("subtotl", 1),
        equal("x.level", "gold"),
        any_of(equal("city", 5), never(overlaps("channel", "web")), one_of("tags", "a")),
        at_least("subtotal", Decimal(1)),
        equal("first_order", 1),
        at_least("now", 5),
        between("quantity", T0, T0 + timedelta(1)),
        during(T0, None, zone="UTC"),
    )

    assert [
        ("of[0].fact", "subtotl"), ("of[2].of[0]", "city"), ("of[2].of[1].of", "channel"), ("of[2].of[2]", "tags"),
        ("of[3]", "subtotal"), ("of[4]", "first_order"), ("of[5]", "now"), ("of[6]", "quantity"),
    ] == [(fault.path, fault.value) for fault in check(rule)]  # fmt: skip
    with pytest.raises(InvalidPredicate, match="no fact of that name"):
        checked(rule)
    good = at_least("subtotal", 1) & equal("now", T0) & at_least("quantity", Decimal("0.5"))
    assert good is checked(good)


@pytest.mark.parametrize("values", ["Bali", 5, None])
@pytest.mark.parametrize("kind", [OneOf, Overlaps])
def test_values_are_a_list_and_one_text_is_none(kind, values):
    """`OneOf("province", "Bali")` would otherwise ask for a province called B."""
    with pytest.raises(InvalidPredicate) as refused:
        kind("province", values)

    assert ("values", "conditions.not_a_list") == (refused.value.faults[0].path, refused.value.faults[0].code)


@pytest.mark.parametrize("rule", [partial(at_least, "subtotal"), partial(one_of, "lines")])
def test_a_number_that_python_does_not_print_is_refused_as_huge(rule):
    """Python writes no more than 4,300 digits."""
    with pytest.raises(InvalidPredicate) as refused:
        rule(10**5000)

    assert "huge" == refused.value.faults[0].value
