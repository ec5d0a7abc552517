"""The demo, in both languages: it ends with the proof, its figures agree, and nothing of it is left untranslated."""

import csv
import re
import string
import sys

import pytest

from tokolib import IDR, UnitOfMeasure
from tokolib.catalog.gtin import gtin
from tokolib.cli.demo import wording_en, wording_id
from tokolib.cli.demo.stage import bundled
from tokolib.cli.demo.teller import WORDINGS
from tokolib.cli.main import main
from tokolib.kernel import parse_amount, parse_quantity

LANGUAGES = sorted(WORDINGS)
GROUP = {"id": ".", "en": ","}


class Told:
    """One run of the demo: its language, its exit status and its output."""

    def __init__(self, lang, status, text):
        self.lang, self.status, self.text = lang, status, text

    def line(self, start):
        """The first line that begins so, blanks apart."""
        return next(line for line in self.text.splitlines() if line.strip().startswith(start))

    def words(self, key):
        """The first words of a text of the demo, up to its first value."""
        return WORDINGS[self.lang][key].partition("{")[0].partition("[")[0]

    def amounts(self, text):
        """All rupiah amounts in a text, as numbers."""
        mark = re.escape(GROUP[self.lang])
        found = re.findall(rf"(-?)Rp([0-9]+(?:{mark}[0-9]{{3}})*)", text)
        return [int(sign + digits.replace(GROUP[self.lang], "")) for sign, digits in found]

    def chapter(self, number):
        """The text of one chapter."""
        return re.split(r"(?m)^\d+ · ", self.text)[number]


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request, tmp_path_factory):
    """The demo in one language, run once on a file of its own."""
    file = tmp_path_factory.mktemp("demo") / "toko.db"
    patch = pytest.MonkeyPatch()
    with (file.parent / "out.txt").open("w+", encoding="utf-8") as out, patch.context() as patched:
        patched.setattr(sys, "stdout", out)
        status = main(["demo", "--lang", request.param, "--into", str(file)])
        out.seek(0)
        text = out.read()
    return Told(request.param, status, text)


def test_it_ends_with_the_proof(told):
    """The last line is the proof, and the exit status says so."""
    assert 0 == told.status
    assert "verify: OK" == told.text.splitlines()[-1]
    assert told.text.endswith("verify: OK\n")


def test_it_tells_twelve_chapters_in_order(told):
    """Each chapter has its heading."""
    assert [str(n) for n in range(1, 13)] == re.findall(r"(?m)^(\d+) · ", told.text)


def test_what_the_quote_says_is_ordered_paid_and_invoiced(told):
    """One total from the explained quote to the invoice."""
    total = told.amounts(told.line("Total"))[0]

    assert total == told.amounts(told.chapter(6).split("\n\n")[1])[0]
    assert {total} == {told.amounts(line)[-1] for line in told.text.splitlines() if "evt_" in line}
    assert total == told.amounts(told.line("INV/2026/000001"))[-1]


def test_the_explained_lines_add_up_to_the_total(told):
    """The lines and the delivery, one step in, are the total."""
    outline = told.chapter(5).splitlines()
    parts = [told.amounts(line)[-1] for line in outline if re.match(r"  \S", line) and told.amounts(line)]

    assert told.amounts(told.line("Total"))[0] == sum(parts)


def test_net_and_tax_are_the_total_in_every_document(told):
    """Row by row, and in the sum."""
    rows = [told.amounts(line) for line in told.chapter(12).splitlines() if re.match(r"(INV|CN)/", line)]

    assert 3 == len(rows)
    assert all(net + tax == total for net, tax, total in rows)
    assert [sum(column) for column in zip(*rows, strict=True)] in [
        told.amounts(line) for line in told.chapter(12).splitlines()
    ]


def test_the_refund_is_the_sum_of_its_shares(told):
    """Price less discount, line by line, is what goes back."""
    shares = [amounts for line in told.chapter(9).splitlines() if len(amounts := told.amounts(line)) == 4]
    note = next(line for line in told.chapter(9).splitlines() if "CN/2026/000001" in line)

    assert 3 == len(shares)
    assert all(price + discount == refund for price, discount, refund, _ in shares)
    assert sum(refund for _, _, refund, _ in shares) == told.amounts(note)[-1]


def test_the_documents_and_the_money_agree(told):
    """The shop says that they do, in so many words."""
    agree = told.line(told.words("books.agree"))

    documents, money = told.amounts(agree)
    assert documents == money


def test_one_buyer_wins_and_the_other_is_told_what_is_left(told):
    """Whoever of the two it is."""
    race = [line.split() for line in told.chapter(11).splitlines() if line.startswith(("Rani", "Joko"))]
    won, lost = WORDINGS[told.lang]["race.won"], WORDINGS[told.lang]["race.lost"].split()[0]

    assert {won, lost} == {row[1] for row in race[:2]}


def test_the_second_delivery_of_a_webhook_counts_nothing(told):
    """Booked once, and known the second time."""
    first, second = (line for line in told.text.splitlines() if "evt_" in line)

    assert WORDINGS[told.lang]["verdict.applied"] in first
    assert WORDINGS[told.lang]["verdict.duplicate"] in second


def test_no_key_and_no_place_is_left_in_the_text(told):
    """What is shown are words; of codes only those that a table or a refusal names as such."""
    named = {"cart.exceeds_stock", "pricing.coupon_expired", "payments.signature_invalid"}
    rooms = "cart|catalog|checkout|pricing|tax|shipping|payments|orders|inventory|conditions|returns"
    keys = "|".join(sorted({key.partition(".")[0] for key in wording_en.WORDING}))
    found = set(re.findall(rf"\b(?:{rooms}|{keys})\.[a-z_]+\b", told.text))

    assert named == found - {"yes", "no"}
    assert not re.search(r"[{}]|\[/?\w+\]", told.text)


def test_the_kept_file_is_proved_again(tmp_path, capsys):
    """`verify` on the demo's file says what the demo said; and the demo refuses to write over it."""
    file = tmp_path / "toko.db"

    assert 0 == main(["demo", "--into", str(file)])
    assert str(file) in capsys.readouterr().out.replace("\n", "")
    assert 0 == main(["verify", str(file), "--quiet"])
    assert "verify: OK\n" == capsys.readouterr().out
    assert 2 == main(["demo", "--into", str(file)])
    assert "demo.file_exists" in capsys.readouterr().err


def test_both_languages_have_the_same_texts_with_the_same_places():
    """A text that is missing or has another place in one of them would show in the middle of the story."""

    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert list(wording_id.WORDING) == list(wording_en.WORDING)
    for key, text in wording_id.WORDING.items():
        assert places(text) == places(wording_en.WORDING[key]), key


def test_the_catalogue_is_a_real_one():
    """At least 60 products with variants, of every kind that the story needs, all of them readable."""
    rows = list(csv.DictReader(bundled("catalogue.csv").splitlines()))
    products = {}
    for row in rows:
        products.setdefault(row["product_id"], []).append(row)
    firsts = [variants[0] for variants in products.values()]

    assert 60 <= sum(len(variants) > 1 for variants in products.values())
    assert len(rows) == len({row["sku"].casefold() for row in rows})
    assert {"standard", "exempt", "luxury"} == {row["tax_class"] for row in firsts}
    assert {"", "kg", "m"} == {row["unit"] for row in firsts}
    assert any(row["components"] for row in firsts)
    assert all(gtin(row["gtin"]) for row in rows if row["gtin"])
    assert all(parse_amount(row["price"], IDR, "id") > IDR(0) for row in rows)
    assert all(parse_quantity(row["stock"], UnitOfMeasure("x", "0.01"), "id") for row in rows if row["stock"])
