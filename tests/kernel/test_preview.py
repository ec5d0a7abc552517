"""What was shown is what is done: a preview's hash stands for every figure in it, and a difference is told by name."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Money, OrderState
from tokolib.kernel.preview import Preview, PreviewStale, confirm, figures


@attrs.frozen
class Goods:
    """Goods that would move."""

    sku: str
    units: int

    @property
    def label(self):
        return self.sku


@attrs.frozen(kw_only=True)
class Shown(Preview):
    """A preview with one figure of each sort."""

    due: Money
    state: OrderState = OrderState.PLACED
    goods: tuple[Goods, ...] = ()
    notes: tuple[str, ...] = ()


def shown(due=0, goods=(), **others):
    """A preview of one request."""
    return Shown(subject="ord_1", command="orders.cancel", request="r", due=IDR(due), goods=goods, **others)


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 3), st.integers(0, 3))
def test_a_hash_stands_for_every_figure(due, other_due, units, other_units):
    """Two previews have one hash exactly when they show the same."""
    one, other = shown(due, (Goods("TEH", units),)), shown(other_due, (Goods("TEH", other_units),))

    assert (one == other) == (one.hash == other.hash)


def test_what_is_the_same_passes():
    """By the preview, by its hash, and where nobody looked at one."""
    now = shown(5, (Goods("TEH", 1),))

    confirm(shown(5, (Goods("TEH", 1),)), now)
    confirm(now.hash, now)
    confirm(None, now)


def test_each_difference_is_told_by_name():
    """What changed, what is new and what is gone; what is the same is not told."""
    agreed = shown(5, (Goods("TEH", 1), Goods("KOPI", 2)), notes=("a",))
    now = shown(6, (Goods("TEH", 3),), notes=("a", "b"))

    with pytest.raises(PreviewStale) as stale:
        confirm(agreed, now)

    assert (
        "due: IDR 5 → IDR 6",
        "goods[TEH].units: 1 → 3",
        "goods[KOPI].sku: KOPI → nothing",
        "goods[KOPI].units: 2 → nothing",
        "notes[1]: nothing → b",
    ) == stale.value.differences
    assert "ord_1 is not as it was shown: due: IDR 5 → IDR 6; " in str(stale.value)


def test_against_a_hash_alone_all_figures_are_told():
    """Nobody can say what they were: so they are told as they are now."""
    with pytest.raises(PreviewStale) as stale:
        confirm("0" * 64, shown(6))

    assert "due is IDR 6" in stale.value.differences
    assert "state is placed" in stale.value.differences


def test_a_preview_of_something_else_is_said_to_be_one():
    """Nobody reads through figures to find that another order, or another wish, was shown."""
    now = shown(6)
    for other in (attrs.evolve(now, subject="ord_2"), attrs.evolve(now, request="2" * 64)):
        with pytest.raises(PreviewStale, match=r"is another one than .* showed") as stale:
            confirm(other, now)
        assert 1 == len(stale.value.differences)


def test_a_message_names_some_figures_and_the_error_all():
    """Of a hundred that differ a dozen are read; the rest are there for whoever shows them."""
    with pytest.raises(PreviewStale, match="and 90 more") as stale:
        confirm("0" * 64, shown(1, notes=tuple(map(str, range(100)))))

    assert 100 < len(stale.value.differences)


def test_figures_have_paths():
    """A part of a tuple goes by its label, or by its place."""
    told = dict(figures(shown(1, (Goods("TEH", 1),), notes=("x",))))

    assert {"due": "IDR 1", "state": "placed", "goods[TEH].units": "1", "notes[0]": "x"}.items() <= told.items()
