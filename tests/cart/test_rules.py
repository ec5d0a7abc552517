"""The pure rules of carts: their life, merging and its laws, problems and their fixes, limits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.cart import decide
from tokolib.cart import events as cart_events
from tokolib.cart.errors import IllegalCartTransition, OverLimit, TooManyCoupons, TooManyLines, UnknownLine
from tokolib.cart.events import (
    CartAbandoned,
    CartCompleted,
    CartEvent,
    CartExpired,
    CartMerged,
    CartMergedAway,
    CartReopened,
    CartStarted,
    CouponAdded,
    CouponRemoved,
    CustomerKnown,
    DeliveryChosen,
    LineRemoved,
    LinesAdded,
    QuantitySet,
)
from tokolib.cart.facts import cart_facts, price_lines
from tokolib.cart.lifecycle import CART, evolve
from tokolib.cart.merge import MergePolicy, capped, merged, totals, united_coupons
from tokolib.cart.model import Cart, CartLine, CartStatus, started, token_hash
from tokolib.cart.problems import Fix, Known, RemoveCoupon, RemoveLine, SetQuantity, apply_fix, find_problems
from tokolib.cart.wording import OWN
from tokolib.catalog.model import Component
from tokolib.inventory.demand import explode
from tokolib.kernel.address import Address
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.ids import CartId, CustomerId, LineId, OrderId
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR
from tokolib.kernel.notation import UnknownLocale
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.lost import Problem as PricingProblem
from tokolib.pricing.model import StatedPrice

KEYS = ("kopi", "gula", "teh")
STATED = StatedPrice(UnitPrice.of(IDR(1_000)), "staff:ani", "kemasan penyok")
LIMITS = Limits()


def test_every_event_has_a_place_in_the_table() -> None:
    """Each event but the first leads from some status to another, and topics don't repeat."""
    events = {one for one in vars(cart_events).values() if isinstance(one, type) and issubclass(one, CartEvent)}
    used = set(CART.kinds)

    assert events - {CartEvent, CartStarted} == used
    assert len(events) == len({event.topic for event in events})


def test_a_cart_is_its_history(basket: Any) -> None:
    """Each event raises the version by one; only a customer's doings touch the cart."""
    later = basket.now + timedelta(hours=1)
    home = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    story: tuple[CartEvent, ...] = (
        LinesAdded((basket.line("b"),), at=later),
        QuantitySet(LineId("b"), 3, at=later),
        LineRemoved(LineId("a"), at=later),
        CouponAdded("HEMAT", at=later),
        CouponAdded("LAGI", at=later),
        CouponRemoved("HEMAT", at=later),
        DeliveryChosen("jne:reg", home, at=later),
        CustomerKnown(CustomerId("cus_1"), "grosir", at=later),
        CartMerged(CartId("crt_2"), (basket.line("c"),), ("X",), at=later),
        CartCompleted(OrderId("ord_1"), at=later),
        CartReopened(at=later),
        CartAbandoned(at=later + timedelta(days=9)),
        CartExpired(at=later + timedelta(days=99)),
    )
    cart = basket.cart(basket.line("a"))
    for version, event in enumerate(story, start=2):
        cart = evolve(cart, event)
        assert version == cart.version

    assert ("jne:reg", home, "cus_1", "grosir") == (cart.delivery, cart.ship_to, cart.customer, cart.group)
    assert (("c",), ("X",), None) == (tuple(line.id for line in cart.lines), cart.coupons, cart.order_id)
    assert (CartStatus.EXPIRED, later, basket.now) == (cart.status, cart.touched_at, cart.started_at)


def test_a_cart_that_is_over_takes_no_more(basket: Any) -> None:
    """Ordered, merged and expired carts refuse changes with their state; strange events are a mistake."""
    cart = basket.cart(basket.line("a"))
    ordered = evolve(cart, CartCompleted(OrderId("ord_1"), at=basket.now))
    away = evolve(cart, CartMergedAway(CartId("crt_2"), at=basket.now))

    for over in (ordered, away):
        with pytest.raises(IllegalCartTransition) as error:
            evolve(over, LineRemoved(LineId("a"), at=basket.now))
        assert over.status == error.value.state
        assert over.status.value in str(error.value)
    assert "crt_2" == away.merged_into
    with pytest.raises(TypeError):
        evolve(None, LineRemoved(LineId("a"), at=basket.now))
    with pytest.raises(IllegalCartTransition):
        evolve(cart, CartReopened(at=basket.now))


def test_the_secret_is_known_at_the_start_only(basket: Any) -> None:
    """A started cart is a cart with a token beside it, which no repr and no stored field shows."""
    cart = basket.cart()

    first = started(cart, "s3cret")

    assert isinstance(first, Cart)
    assert "s3cret" == first.token
    assert "s3cret" not in repr(first)
    assert 64 == len(token_hash("s3cret"))
    assert "token" not in {field.name for field in attrs.fields(Cart)}


# Merging


def lines_of(prefix: str) -> st.SearchStrategy[tuple[CartLine, ...]]:
    def build(wishes: list[tuple[str, int]]) -> tuple[CartLine, ...]:
        return tuple(
            CartLine(LineId(f"{prefix}{at}"), key, key.upper(), quantity, PIECE)
            for at, (key, quantity) in enumerate(wishes)
        )

    return st.lists(st.tuples(st.sampled_from(KEYS), st.integers(1, 9)), max_size=5).map(build)


POLICIES = st.sampled_from(MergePolicy)
CARTS = st.tuples(lines_of("a"), lines_of("b"), lines_of("c"))
SHARED = st.tuples(lines_of("x"), lines_of("x"), lines_of("x"))
"""Carts whose lines have ids in common, as after a merge that was begun on two devices."""


def same_sku(carts: tuple[tuple[CartLine, ...], ...]) -> tuple[tuple[CartLine, ...], ...]:
    """A line's id stands for one SKU: what an id means first, it always means."""
    keys: dict[str, str] = {}
    for cart in carts:
        for line in cart:
            keys.setdefault(line.id, line.key)
    return tuple(tuple(attrs.evolve(line, key=keys[line.id]) for line in cart) for cart in carts)


@given(CARTS, POLICIES)
def test_merging_again_changes_nothing(carts: Any, policy: MergePolicy) -> None:
    """merge(merge(a, b), b) is merge(a, b), and a cart merged with itself is itself."""
    a, b, _ = carts
    once = merged(a, b, policy)

    assert once == merged(once, b, policy)
    assert a == merged(a, a, policy)


@given(CARTS, POLICIES)
def test_it_does_not_matter_which_pair_is_merged_first(carts: Any, policy: MergePolicy) -> None:
    """(a + b) + c is a + (b + c): the same lines, each as large."""
    a, b, c = carts
    left, right = merged(merged(a, b, policy), c, policy), merged(a, merged(b, c, policy), policy)

    assert set(left) == set(right)
    if policy is MergePolicy.ALL:
        assert left == right


@given(SHARED.map(same_sku))
def test_lines_in_common_come_in_once(carts: Any) -> None:
    """ALL knows a line by its id: common ones take the larger quantity, in any grouping."""
    a, b, c = carts
    ab_c = merged(merged(a, b, MergePolicy.ALL), c, MergePolicy.ALL)
    a_bc = merged(a, merged(b, c, MergePolicy.ALL), MergePolicy.ALL)

    assert ab_c == a_bc
    assert {line.id: line.quantity for line in ab_c} == {
        line.id: max(x.quantity for cart in carts for x in cart if x.id == line.id) for line in ab_c
    }


@given(CARTS, POLICIES)
def test_nothing_is_lost(carts: Any, policy: MergePolicy) -> None:
    """ALL has the sum of both, LARGER the larger of both, of every SKU."""
    a, b, _ = carts
    mine, theirs, both = totals(a), totals(b), totals(merged(a, b, policy))

    combine = sum if policy is MergePolicy.ALL else max
    assert both == {key: combine([mine.get(key, 0), theirs.get(key, 0)]) for key in {*mine, *theirs}}


LIMITED = st.fixed_dictionaries({}, optional={key: st.none() | st.integers(0, 12) for key in KEYS})


@given(CARTS, LIMITED, st.integers(1, 6), st.integers(1, 9))
def test_limits_hold_and_cuts_are_named(carts: Any, most: Mapping[str, int | None], lines: int, each: int) -> None:
    """Kept and cut add up to what was wished for; no limit is passed; capping again cuts nothing."""
    wished = merged(carts[0], carts[1], MergePolicy.ALL)
    limits = Limits(cart_lines=lines, line_quantity=each)

    kept, cuts = capped(wished, most, limits)

    left_out = sum(cut.line.quantity - cut.kept for cut in cuts)
    assert sum(line.quantity for line in wished) == sum(line.quantity for line in kept) + left_out
    assert len(kept) <= lines
    assert all(0 < line.quantity <= each for line in kept)
    for key, total in totals(kept).items():
        bound = most.get(key)
        assert bound is None or total <= bound
    assert (kept, ()) == capped(kept, most, limits)


@given(CARTS, LIMITED)
def test_limits_of_a_sku_bite_the_same_in_any_grouping(carts: Any, most: Mapping[str, int | None]) -> None:
    """With lines of their own, three carts merged under SKU limits are the same whichever pair comes first."""
    a, b, c = carts

    def join(x: Any, y: Any) -> Any:
        return capped(merged(x, y, MergePolicy.ALL), most, LIMITS)[0]

    assert totals(join(join(a, b), c)) == totals(join(a, join(b, c)))


def test_coupons_of_both_are_kept_once() -> None:
    """In order, each once, as many as the shop allows; the rest are named."""
    assert (("A", "B", "C"), ()) == united_coupons(("A", "B"), ("B", "C"), 9)
    assert (("A", "B"), ("C",)) == united_coupons(("A", "B"), ("B", "C"), 2)


# Problems


def test_each_problem_has_its_fix(basket: Any) -> None:
    """Unknown, unsold, over the limit, more than there is, without a price, a coupon that doesn't count."""
    cart = basket.cart(
        basket.line("a", "hantu"),
        basket.line("b", "arsip"),
        basket.line("c", "kopi", 9),
        basket.line("d", "gula", 5),
        basket.line("e", "teh", 2),
        coupons=("BASI",),
    )
    sold = {key: basket.sellable(key) for key in ("gula", "teh")} | {"kopi": basket.sellable("kopi", limit=4)}
    over = Lost("Basi", Why.OVER, at=datetime(2025, 3, 31, 17, tzinfo=UTC), zone="Asia/Jakarta")
    pricing = (
        PricingProblem("pricing.no_price", skus=("teh",), lines=("e",), blocking=True),
        PricingProblem("pricing.coupon_expired", coupon="BASI", lost=over),
    )
    known = Known(sold, {"arsip": "archived"}, {"kopi": 9, "gula": 3, "teh": 0}, LIMITS, pricing)

    found = find_problems(cart, known)

    assert [
        ("cart.unknown_sku", "a", RemoveLine(LineId("a"))),
        ("cart.not_for_sale", "b", RemoveLine(LineId("b"))),
        ("cart.over_limit", "c", SetQuantity(LineId("c"), 4)),
        ("cart.exceeds_stock", "d", SetQuantity(LineId("d"), 3)),
        ("cart.exceeds_stock", "e", RemoveLine(LineId("e"))),
        ("pricing.no_price", "e", RemoveLine(LineId("e"))),
        ("pricing.coupon_expired", None, RemoveCoupon("BASI")),
    ] == [(one.code, one.line_id, one.fix) for one in found]
    assert set(OWN["id"]) == set(OWN["en"]) == {one.code for one in found if one.code.startswith("cart.")}
    assert [
        "HANTU sudah tidak ada",
        "ARSIP sedang tidak dijual\n  ARSIP tidak dijual lagi",
        "KOPI: diminta 9 pcs, paling banyak 4 pcs sekali beli",
        "GULA: diminta 5 pcs, stok tinggal 3 pcs",
        "TEH: diminta 2 pcs, stok tinggal 0 pcs",
        "TEH belum punya harga",
        "kupon BASI sudah berakhir pada 1 Apr 2025 00.00 (Asia/Jakarta)",
    ] == [one.explain("id") for one in found]
    assert "GULA: 5 pcs wanted, 3 pcs in stock" == found[3].explain() == found[3].explain("en_GB")
    for locale in ("fr", "", "x" * 100_000, None, ["id"]):
        with pytest.raises(UnknownLocale, match=r"known: id, en$") as caught:
            found[3].explain(locale)
        assert len(str(caught.value)) < 100


WISHES = st.lists(st.tuples(st.sampled_from((*KEYS, "paket", "hantu")), st.integers(1, 9)), max_size=6)


@given(WISHES, st.fixed_dictionaries({key: st.integers(-2, 12) for key in KEYS}), LIMITED, st.integers(1, 9))
def test_fixes_clear_the_problems(
    basket: Any, wishes: Any, stock: dict[str, int], most: dict[str, int | None], each: int
) -> None:
    """Applying every fix, in order, leaves a cart without problems; applying them again does nothing."""
    cart = basket.cart(*(basket.line(f"l{at}", key, quantity) for at, (key, quantity) in enumerate(wishes)))
    sold = {key: basket.sellable(key, limit=most.get(key)) for key in KEYS}
    sold["paket"] = basket.sellable("paket", Component("kopi", 2), Component("gula", 1))
    known = Known(sold, {}, stock, Limits(line_quantity=each))

    fixes = [one.fix for one in find_problems(cart, known) if one.fix is not None]
    fixed = applied(cart, fixes, basket.now)

    assert () == find_problems(fixed, known)
    assert fixed == applied(fixed, fixes, basket.now)
    assert fits(fixed, known)
    assert fits(cart, known) == (not fixes)


def fits(cart: Cart, known: Known) -> bool:
    """Whether all of a cart can be sold, looked at as a whole and not line by line."""
    if not all(line.key in known.sellables for line in cart.lines):
        return False
    demands = explode(((line.key, line.quantity) for line in cart.lines), known.sellables)
    most = {key: one.purchase_limit for key, one in known.sellables.items()}
    return (
        all(needed <= known.available[key] for key, needed in demands.items())
        and all((bound := most[key]) is None or total <= bound for key, total in totals(cart.lines).items())
        and all(line.quantity <= known.limits.line_quantity for line in cart.lines)
    )


def applied(cart: Cart, fixes: list[Fix], at: Any) -> Cart:
    for fix in fixes:
        for event in apply_fix(cart, fix, at):
            cart = evolve(cart, event)
    return cart


@pytest.mark.parametrize("at_most", [0, -5, 1.5, True, "2"])
def test_a_fix_reduces_a_line_to_whole_steps(at_most: Any) -> None:
    """Fixes come back from web pages; none may leave nothing, less than nothing, or a part of a step in a line."""
    with pytest.raises(InvalidInput) as error:
        SetQuantity(LineId("a"), at_most)

    assert [("at_most", "cart.not_positive")] == [(fault.path, fault.code) for fault in error.value.faults]


def test_a_coupon_is_taken_back_once(basket: Any) -> None:
    """A fix that was done already does nothing."""
    cart = basket.cart(coupons=("BASI",))

    fixed = applied(cart, [RemoveCoupon("BASI"), RemoveCoupon("BASI")], basket.now)

    assert ((), 2) == (fixed.coupons, fixed.version)


# Wishes


def test_adding_joins_only_when_asked(basket: Any) -> None:
    """Lines stay apart; with join the first plain line of a SKU is raised, and a stated price keeps its own."""
    cart = basket.cart(basket.line("s", quantity=1, stated=STATED), basket.line("a"), basket.line("b"))
    new = (basket.line("c", quantity=2), basket.line("d", "gula"), basket.line("e", stated=STATED), basket.line("f"))

    apart = decide.add(cart, new, {}, LIMITS, basket.now, join=False)
    joined = decide.add(cart, new, {}, LIMITS, basket.now, join=True)
    only = decide.add(cart, (basket.line("g"),), {}, LIMITS, basket.now, join=True)

    assert (LinesAdded(new, at=basket.now),) == apart
    assert (QuantitySet(LineId("a"), 4, at=basket.now), LinesAdded((new[1], new[2]), at=basket.now)) == joined
    assert (QuantitySet(LineId("a"), 2, at=basket.now),) == only


def test_limits_are_refused_by_name(basket: Any) -> None:
    """Too many lines, too much of a SKU over all its lines, too much in one line."""
    cart = basket.cart(basket.line("a", quantity=3))

    with pytest.raises(TooManyLines) as lines:
        decide.add(cart, (basket.line("b"),), {}, Limits(cart_lines=1), basket.now, join=False)
    with pytest.raises(OverLimit) as sku:
        decide.add(cart, (basket.line("b", quantity=2),), {"kopi": 4}, LIMITS, basket.now, join=False)
    with pytest.raises(OverLimit) as line:
        decide.set_quantity(cart, "a", 9, {"kopi": None}, Limits(line_quantity=8), basket.now)

    assert "2 lines, and a cart has at most 1" == str(lines.value)
    assert "KOPI: 5 pcs wanted, and one cart may hold 4 pcs" == str(sku.value)
    assert ("9 pcs", "8 pcs") == (line.value.wanted, line.value.limit)
    assert all(error.value.hint for error in (lines, sku, line))


def test_a_quantity_may_always_fall(basket: Any) -> None:
    """Lowering is never refused, even where the limit is lower still; the same quantity is no event."""
    cart = basket.cart(basket.line("a", quantity=9))

    assert () == decide.set_quantity(cart, "a", 9, {"kopi": 1}, LIMITS, basket.now)
    assert 1 == len(decide.set_quantity(cart, "a", 5, {"kopi": 1}, LIMITS, basket.now))
    with pytest.raises(UnknownLine) as error:
        decide.remove(cart, "z", basket.now)
    assert "no line z" in str(error.value)


def test_coupons_are_compared_by_their_code(basket: Any) -> None:
    """Case and blanks don't count; empty ones are refused together; there is a limit."""
    assert ("HEMAT", "LAGI") == decide.coupon_codes(["hemat", " HE MAT", "lagi"], LIMITS)
    with pytest.raises(InvalidInput) as error:
        decide.coupon_codes(["", "A", "  "], LIMITS)
    assert ["coupons[0]", "coupons[2]"] == [fault.path for fault in error.value.faults]
    with pytest.raises(TooManyCoupons) as many:
        decide.coupon_codes(["A", "B"], Limits(promotions_per_cart=1))
    assert "2 coupons" in str(many.value)
    cart = basket.cart(coupons=("HEMAT",))
    assert () == decide.add_coupon(cart, "hemat", LIMITS, basket.now)
    assert () == decide.drop_coupon(cart, "lagi", basket.now)


def test_a_cart_tells_pricing_what_it_knows(basket: Any) -> None:
    """Facts that aren't known are left out; lines that can't be sold too."""
    cart = basket.cart(basket.line("a", quantity=2, stated=STATED), basket.line("b", "hantu"))
    guest = cart_facts(cart, basket.now)
    known = evolve(cart, CustomerKnown(CustomerId("cus_1"), "grosir", at=basket.now))
    home = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    sent = evolve(known, DeliveryChosen("jne:reg", home, at=basket.now))

    (line,) = price_lines(cart, {"kopi": basket.sellable("kopi")})

    assert ("a", "kopi", 2, STATED) == (line.id, line.key, line.quantity, line.stated)
    assert {"customer", "country"}.isdisjoint(guest)
    assert frozenset({"grosir"}) == cart_facts(known, basket.now)["customer_groups"]
    assert ("cus_1", "ID", "Yogyakarta") == tuple(
        cart_facts(sent, basket.now)[name] for name in ("customer", "country", "city")
    )
