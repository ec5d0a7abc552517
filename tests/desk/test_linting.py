"""A shop's promotions looked over at the door and on the command line."""

import pytest

import tokolib
from tokolib import IDR
from tokolib.catalog.errors import InvalidSku, UnknownSku
from tokolib.checkout import Basket
from tokolib.cli.main import main
from tokolib.conditions import overlaps
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import Money, currency
from tokolib.pricing import Scope
from tokolib.testing import ManualClock


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kedai.db"


@pytest.fixture
def shop(path):
    """Coffee in a category, and a promotion of a category that nothing is in."""
    with tokolib.open(f"sqlite:///{path}", country="ID", clock=ManualClock()) as found:
        for code in ("kopi", "teh"):
            found.catalog.put_category(code, code)
        found.catalog.put("KOPI", "Kopi", categories=["kopi"])
        found.prices.put("KOPI", IDR(75_000), tiers={10: IDR(70_000)})
        found.stock.receive("KOPI", 100, key="opening")
        found.promotions.percent("teh", 10, on=Scope.LINE, target=overlaps("categories", "teh"))
        found.promotions.percent("kopi", 10, on=Scope.LINE, target=overlaps("categories", "kopi"))
        found.promotions.fixed("kupon", IDR(5_000), coupon="HEMAT", usage_limit=1)
        yield found


def told(findings):
    return [(each.code, each.certain, *each.promotions) for each in findings]


def test_what_is_about_no_goods_is_found_in_the_catalogue(shop):
    """Until there is tea."""
    assert [("lint.no_goods", True, "prm_teh")] == told(shop.promotions.lint())

    shop.catalog.put("TEH", "Teh", categories=["teh"])

    assert () == shop.promotions.lint()


def test_what_is_used_up_is_found_in_the_counters(shop):
    """And a coupon that was stopped is none."""
    shop.promotions.stop("teh")
    assert () == shop.promotions.lint()

    shop.orders.place(Basket({"KOPI": 1}, ["hemat"]), tender="cash", key="k1")
    assert [("lint.used_up", True, "prm_kupon")] == told(shop.promotions.lint())

    shop.promotions.stop_coupon("hemat")
    assert ("lint.no_coupon", True, "prm_kupon") in told(shop.promotions.lint())


def test_costs_are_held_against_the_lowest_price(shop):
    """10 % and Rp5,000 off 70,000 leave 58,000."""
    shop.promotions.stop("teh")

    assert () == shop.promotions.lint(costs={"kopi": IDR(58_000)})
    (finding,) = shop.promotions.lint(costs={"Kopi": IDR(58_001)})
    assert (("prm_kopi", "prm_kupon"), IDR(58_000)) == (finding.promotions, finding.data["total"])


def test_costs_are_amounts_of_the_shop(shop):
    """In its currency, by SKU."""
    for given in ({"costs": {"KOPI": Money(1, currency("USD"))}}, {"shipping": IDR(-1)}):
        with pytest.raises(InvalidInput):
            shop.promotions.lint(**given)


@pytest.mark.parametrize(
    ("costs", "error", "message"),
    [
        ({"KOPI": IDR(1), "TYPO": IDR(2), "SALAH": IDR(3)}, UnknownSku, "no product has the SKU 'TYPO', 'SALAH'"),
        ({"": IDR(1)}, InvalidSku, "is empty"),
        ({"KOPI": IDR(1), "kopi ": IDR(2)}, InvalidInput, r"names the same SKU as another row.* @ costs\[kopi \]"),
    ],
)
def test_costs_are_of_goods_of_the_catalogue(shop, costs, error, message):
    """A misspelt SKU would be held against nothing, without a word."""
    with pytest.raises(error, match=message):
        shop.promotions.lint(costs=costs)


def test_the_command_prints_and_fails_on_errors(shop, path, capsys):
    """One line for each finding; the exit status is 1 while something is an error."""
    assert 1 == main(["promotions", "lint", str(path)])
    assert "! error   teh is about none of the goods in the catalogue [lint.no_goods]" in capsys.readouterr().out

    shop.promotions.stop("teh")

    assert 0 == main(["promotions", "lint", str(path), "--locale", "id"])
    assert "lint: 0 findings\n" == capsys.readouterr().out


def test_the_command_tries_past_orders_without_a_promotion(shop, path, capsys):
    """By day, and in all."""
    shop.orders.place(Basket({"KOPI": 2}), tender="cash", key="k1")

    assert 0 == main(["promotions", "what-if", str(path), "--without", "kopi", "--since", "2026-03-01"])
    assert capsys.readouterr().out.splitlines() == [
        "2026-03-02       1 orders       1 changed  IDR 135000 → IDR 150000",
        "1 of 1 orders would have changed: total IDR 15000, discount IDR -15000, tax IDR 0",
    ]
