"""What comes back is matched to what was sold: never more, and never less than could be."""

from hypothesis import given
from hypothesis import strategies as st

from tokolib.cli.replay.matching import Match, Matched, Sales, Unmatched, by_order


def test_the_latest_sale_comes_first_and_one_return_may_be_split():
    """Five came back: three of the last sale, two of the one before."""
    sales = Sales()
    sales.sell("17850", "22633", 1_850, order=0, position=4, units=6)
    sales.sell("17850", "22633", 1_850, order=7, position=0, units=3)

    matched = sales.take_back("17850", "22633", 1_850, 5)

    assert Matched((Match(7, 0, 3), Match(0, 4, 2))) == matched
    assert {7: {0: 3}, 0: {4: 2}} == by_order([matched])


def test_what_cannot_be_matched_says_why():
    """No customer, never bought, another price, or more than was left."""
    sales = Sales()
    sales.sell("17850", "22633", 1_850, order=0, position=0, units=2)
    sales.sell("", "22633", 1_850, order=1, position=0, units=9)

    assert Matched((), 1, Unmatched.NO_CUSTOMER) == sales.take_back("", "22633", 1_850, 1)
    assert Matched((), 1, Unmatched.NEVER_BOUGHT) == sales.take_back("13047", "22633", 1_850, 1)
    assert Matched((), 1, Unmatched.OTHER_PRICE) == sales.take_back("17850", "22633", 1_650, 1)
    assert Matched((Match(0, 0, 2),), 3, Unmatched.TOO_MANY) == sales.take_back("17850", "22633", 1_850, 5)


MOVES = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from([0, 1_000, 2_000]),
        st.integers(1, 9),
    ),
    max_size=60,
)


@given(MOVES)
def test_no_more_is_matched_than_was_sold_and_all_that_could_be(moves):
    """Of each customer, SKU and price: what is taken back is the smaller of what came and what was left."""
    sales = Sales()
    sold: dict[tuple[str, str, int], int] = {}
    left: dict[tuple[int, int], int] = {}
    for number, (is_sale, customer, key, price, units) in enumerate(moves):
        pool = (customer, key, price)
        if is_sale:
            sales.sell(customer, key, price, order=number, position=0, units=units)
            left[number, 0] = units
            if customer:
                sold[pool] = sold.get(pool, 0) + units
            continue
        matched = sales.take_back(customer, key, price, units)
        taken = sum(match.units for match in matched.matches)
        for match in matched.matches:
            left[match.order, match.position] -= match.units
        assert min(units, sold.get(pool, 0)) == taken == units - matched.left
        assert (matched.left > 0) == (matched.why is not None)
        sold[pool] = sold.get(pool, 0) - taken
    assert all(units >= 0 for units in left.values())
