"""Every row becomes exactly one thing, and everything together is the file."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tokolib.cli.replay.accounts import TENTHS_A_PENNY, Accounts, pennies
from tokolib.cli.replay.documents import Document
from tokolib.cli.replay.kinds import Kind, kind_of
from tokolib.cli.replay.planning import Planner
from tokolib.cli.replay.reading import Row
from tokolib.cli.replay.surveying import Shelf, survey


def test_each_row_is_what_the_file_means_by_it(desk):
    """Sale, gift, found, written off, brought back, fee, correction; and what nobody can explain."""
    sold, gift = desk.row(), desk.row(price=0)
    found, lost = desk.row(price=0, customer=""), desk.row(quantity=-3, price=0, customer="")
    fee, back, odd = desk.row("POST", 3, 18_000), desk.row(quantity=-2), desk.row(quantity=-2)
    sale, cancellation = desk.document("536365", sold), desk.document("C536379", back)
    correction = desk.document("A563186", desk.row("B", 1, -11_062_060))

    kinds = [kind_of(row, sale) for row in (sold, gift, found, lost, fee, odd)]

    assert [Kind.SALE, Kind.GIFT, Kind.FOUND, Kind.WRITE_OFF, Kind.FEE, Kind.UNEXPLAINED] == kinds
    assert Kind.CANCELLATION is kind_of(back, cancellation)
    assert Kind.ADJUSTMENT is kind_of(correction.rows[0], correction)


def test_fees_stand_on_the_order_of_their_document_or_alone(desk):
    """Postage with goods is a charge; without goods, or given back, it is an adjustment."""
    planner = Planner()

    with_goods = planner.plan(desk.document("1", desk.row(), desk.row("POST", 3, 18_000)))
    alone = planner.plan(desk.document("2", desk.row("POST", 1, 18_000)))
    given_back = planner.plan(desk.document("C3", desk.row("POST", -1, 18_000)))

    assert ["POST"] == [row.sku for row in with_goods.charges]
    assert ["postage, in (no goods on the document)"] == [each.name for each in alone.adjustments]
    assert ["postage, out"] == [each.name for each in given_back.adjustments]


def test_a_cancellation_finds_its_order_in_any_spelling(desk):
    """`85123a` brings back what was sold as `85123A`."""
    planner = Planner()
    planner.plan(desk.document("1", desk.row("22633", 2), desk.row("85123A", 6)))

    plan = planner.plan(desk.document("C2", desk.row("85123a", -4, document="C2")))

    assert {0: {1: 4}} == plan.returns
    assert () == plan.strays


def test_the_opening_receipt_is_the_largest_running_shortfall(desk):
    """Five were sold before three came back, and two more after: seven are short at no time, five once."""
    made = [
        desk.document("1", desk.row(quantity=5)),
        desk.document("C2", desk.row(quantity=-3)),
        desk.document("3", desk.row(quantity=2)),
    ]

    known = survey(made)

    assert 5 == known.articles["85123a"].opening
    assert (3, 3, 4 * 2_550) == (known.rows, known.documents, known.total)


def test_a_product_is_called_what_it_is_sold_as(desk):
    """Not `damages`, which is said more often, and nothing by the SKU."""
    remarks = [desk.row(quantity=-1, price=0, customer="", description="damages") for _ in range(5)]

    known = survey([desk.document("1", desk.row()), desk.document("2", *remarks, desk.row("22633", description=""))])

    assert ["HEART HOLDER", "22633"] == [article.name for article in known.articles.values()]


START = datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
NUMBERS = st.sampled_from(["5", "C", "A"])
ROWS = st.tuples(
    st.sampled_from(["85123A", "85123a", "22633", "POST", "M", "B"]),
    st.integers(-5, 5),
    st.sampled_from([0, 1, 4, 5, 6, 850, 2_550, -1_000]),
    st.sampled_from(["", "17850"]),
)


def _document(number: int, kind: str, rows: list[tuple[str, int, int, str]]) -> Document:
    name, at = f"{kind}{number}", START + timedelta(minutes=number)
    return Document(name, at, tuple(Row(0, name, sku, sku.casefold(), "", *rest) for sku, *rest in _laid(rows, at)))


def _laid(rows: list[tuple[str, int, int, str]], at: datetime) -> list[tuple[str, int, datetime, int, str]]:
    return [(sku, quantity, at, price, customer) for sku, quantity, price, customer in rows]


@given(st.lists(st.tuples(NUMBERS, st.lists(ROWS, min_size=1, max_size=5)), max_size=20))
def test_the_parts_add_up_to_the_file_whatever_it_holds(shape):
    """Rows and amounts: nothing is dropped and nothing counts twice; and stock never runs below nothing."""
    documents = [_document(n, kind, rows) for n, (kind, rows) in enumerate(shape)]
    known, planner, accounts, shelf = survey(documents), Planner(), Accounts(), Shelf()
    for document in documents:
        plan = planner.plan(document)
        accounts.plan(plan)
        shelf.follow(plan)
        accounts.money_in.amount += sum(pennies(row) * TENTHS_A_PENNY for row in (*plan.lines, *plan.charges))
        accounts.money_back.amount -= sum(each.units * each.row.price for each in plan.returned)
        for row in document.rows:
            opening = known.articles[row.key].opening if row.key in known.articles else 0
            assert shelf.now[row.key] + opening >= 0

    assert known.rows == accounts.rows
    assert known.total == accounts.total


def test_the_four_finest_prices_are_rounded_in_the_open(desk):
    """A tenth of a penny is booked as nothing, and stands in the rounding."""
    accounts = Accounts()

    accounts.plan(Planner().plan(desk.document("1", desk.row("PADS", 1, 1), desk.row("POST", 1, 18_000))))

    assert (1, 1) == (accounts.rounding.rows, accounts.rounding.amount)
