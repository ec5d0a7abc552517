"""Arguments of commands, held against their annotations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, NewType, Protocol, TypedDict, Unpack, runtime_checkable

import attrs
import pytest

from tokolib.kernel.annotations import WANTED
from tokolib.kernel.arguments import checker
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.lists import texts
from tokolib.kernel.money import IDR, Money
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.quantity import Quantity

Id = NewType("Id", str)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Options(TypedDict, total=False):
    exclusive: bool
    name: str


def body(
    self: Any,
    id: Id,
    /,
    goods: Mapping[str, int] | Sequence[Money] = (),
    *fixes: Money,
    codes: Iterable[str] = (),
    colour: Colour | None = None,
    price: Money | None = None,
    at: datetime | None = None,
    limit: int = 1,
    anything: Any = None,
    later: "Unknown" = None,  # noqa: F821 - a name that only a type checker knows
    **options: Unpack[Options],
) -> None:
    """A command with every kind of argument."""


def paths(*args: Any, **kwargs: Any) -> list[str]:
    try:
        checker(body)(args, kwargs)
    except InvalidInput as refused:
        return [fault.path for fault in refused.faults]
    return []


@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [
        (("a", {"KOPI": 1}), {}, []),
        (("a", [IDR(1)]), {}, []),
        (("a", {"KOPI": 1}, IDR(1), None), {}, ["fixes[1]"]),
        ((None,), {}, ["id"]),
        (("a", {None: 1}), {}, ["goods"]),
        (("a", "KOPI"), {}, ["goods"]),
        (("a\ud800",), {"name": "\udfff"}, ["id", "name"]),
        (("a", {"KOPI\ud800": 1}), {"codes": ["VIP", "\udc00"]}, ["goods", "codes[1]"]),
        (("\U0001f375",), {}, []),
        (("a",), {"codes": "VIP"}, ["codes"]),
        (("a",), {"codes": ["VIP", 5, 6]}, ["codes[1]", "codes[2]"]),
        (("a",), {"codes": (each for each in "ab")}, []),
        (("a",), {"colour": "red"}, []),
        (("a",), {"colour": "green"}, ["colour"]),
        (("a",), {"colour": Colour.RED, "at": None}, []),
        (("a",), {"at": "2026-01-01"}, ["at"]),
        (("a",), {"limit": True}, ["limit"]),
        (("a",), {"limit": "20"}, ["limit"]),
        (("a",), {"price": {}}, ["price"]),
        (("a",), {"anything": object(), "later": object()}, []),
        (("a",), {"exclusive": 1, "name": None}, ["exclusive", "name"]),
    ],
)
def test_every_argument_of_another_type_is_named(args, kwargs, expected):
    """All faults at once, by the name of the argument; what can't be decided passes."""
    assert expected == paths(*args, **kwargs)


def test_a_missing_argument_is_pythons_own_error():
    """That is the program's fault, not the input's; it names the command."""
    with pytest.raises(TypeError, match=r"^body\(\): missing a required argument: 'id'"):
        checker(body)((), {})


def test_an_enum_names_its_values():
    """The way out stands in the message."""
    with pytest.raises(InvalidInput, match="must be one of red, blue or None @ colour"):
        checker(body)(("a",), {"colour": "green"})


def test_a_choice_may_be_given_by_its_word():
    """The command gets the member, by place or by name."""

    def paint(self: Any, colour: Colour, *, edge: Colour | None = None, words: Colour | str = "") -> None: ...

    (colour,), named = checker(paint)(("red",), {"edge": "blue", "words": "red"})

    assert (Colour.RED, {"edge": Colour.BLUE, "words": "red"}) == (colour, named)
    assert (Colour, Colour, str) == (type(colour), type(named["edge"]), type(named["words"]))


def test_a_word_inside_a_value_is_told_as_the_member_that_is_meant():
    """A frozen value can't be mended on the way in; "must be one of red, blue" would be no help."""
    with pytest.raises(InvalidInput, match=r"must be Colour.RED, and not the word for it @ wishes\[0\].colour"):
        checker(wishing)(([Wish("a", colour="red")],), {})


def test_a_near_option_is_named():
    """Somebody who wrote `exclusiv` reads which one there is."""
    with pytest.raises(TypeError, match="did you mean 'exclusive'"):
        checker(body)(("a",), {"exclusiv": True})


def test_a_field_says_in_words_what_it_takes():
    """Where its type says less than a caller needs."""

    @attrs.frozen
    class Bag:
        codes: tuple[str, ...] = attrs.field(metadata={WANTED: "a list of codes"})

    def take(self: Any, bag: Bag) -> None: ...

    with pytest.raises(InvalidInput, match=r"must be a list of codes @ bag\.codes"):
        checker(take)((Bag("VIP"),), {})


@attrs.frozen
class Part:
    sku: str
    count: int | str | Decimal = 1


@attrs.frozen
class Wish:
    name: str
    price: Money | None = None
    colour: Colour = Colour.RED
    parts: tuple["Part", ...] = ()
    notes: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    tags: frozenset[str] = frozenset()


@attrs.frozen
class Known:
    """An aggregate: what the shop has made and stored."""

    id: Id
    version: int
    name: str


@attrs.frozen
class Draft:
    reads_texts: ClassVar[bool] = True
    name: str
    part: Part | None = None


async def wishing(
    self: Any,
    wishes: Mapping[str, int] | Iterable[Wish] = (),
    known: Known | Id | None = None,
    draft: Draft | None = None,
    price: Money | None = None,
    source: str | bytes | Iterable[Mapping[str, str]] = (),
) -> None:
    """A command whose arguments have something inside."""


def faults(*args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    try:
        checker(wishing)(args, kwargs)
    except InvalidInput as refused:
        return [(fault.path, fault.code) for fault in refused.faults]
    return []


TYPE, HALF, NUL = "kernel.wrong_type", "kernel.not_unicode", "kernel.unprintable"


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish("a", IDR(1), Colour.BLUE, (Part("b", "1.5"),), {"c": ["d"]}, frozenset({"e"})), []),
        (Wish(5), [("wishes[1].name", TYPE)]),
        (Wish(None, colour="red"), [("wishes[1].name", TYPE), ("wishes[1].colour", TYPE)]),
        (Wish("\ud800"), [("wishes[1].name", HALF)]),
        (Wish("a\0"), [("wishes[1].name", NUL)]),
        (Wish("a", parts=[Part("b")]), [("wishes[1].parts", TYPE)]),
        (Wish("a", parts=(Part("b"), "b")), [("wishes[1].parts[1]", TYPE)]),
        (Wish("a", parts=(Part(5, [1]),)), [("wishes[1].parts[0].sku", TYPE), ("wishes[1].parts[0].count", TYPE)]),
        (Wish("a", parts=(Part("b", "two"),)), []),  # what reads numbers says better what is wrong
        (Wish("a", notes={"c": "d"}), [("wishes[1].notes[c]", TYPE)]),
        (Wish("a", notes={"c\0": ["d"]}), [("wishes[1].notes", NUL)]),
        (Wish("a", notes={"c": ["d", "\udfff"]}), [("wishes[1].notes[c][1]", HALF)]),
        (Wish("a", tags=frozenset({5})), [("wishes[1].tags", TYPE)]),
        (None, [("wishes[1]", TYPE)]),
        ("GULA", [("wishes[1]", TYPE)]),
    ],
)  # fmt: skip
def test_what_stands_inside_a_value_is_named_by_its_path(wish, expected):
    """As far down as there are fields, items and values."""
    assert expected == faults([Wish("first"), wish])


def test_values_by_key_are_named_by_it():
    """The path goes on with the key."""
    assert [("wishes[GULA]", TYPE)] == faults({"KOPI": 1, "GULA": None})


def test_of_what_the_shop_knows_only_the_id_is_looked_at():
    """A command reads no more of it, however large it is."""
    assert [] == faults(known=Known(Id("a"), "one", None))
    assert [("known.id", HALF)] == faults(known=Known(Id("a\ud800"), 1, "b"))
    assert [("known.id", TYPE)] == faults(known=Known(5, 1, "b"))


def test_a_room_that_reads_its_texts_is_left_to_it():
    """It names what it can't keep among its other faults; types, and what is below, are looked at all the same."""
    assert [] == faults(draft=Draft("\ud800\0"))
    assert [("draft.name", TYPE), ("draft.part.sku", NUL)] == faults(draft=Draft(5, Part("\0")))


def test_a_file_is_left_to_its_reader():
    """It says in which line something is wrong, and how a file is handed over to it."""
    for source in ("\ud800\0", [{"sku": None}], 5):
        assert [] == faults(source=source)


@pytest.mark.parametrize("price", [5, "5", 1.5, True])
def test_a_bare_number_is_no_price_wherever_it_stands(price):
    """Of which currency?"""
    with pytest.raises(NotMoney) as refused:
        faults([Wish("a", price=price)])

    assert ("wishes[0].price", repr(price)) == (refused.value.name, refused.value.value)
    with pytest.raises(NotMoney):
        faults(price=price)


def test_a_quantity_is_no_price():
    """It is counted, but it is not money."""
    assert [("price", TYPE)] == faults(price=Quantity(5))


def test_what_an_iterator_yields_is_looked_at_by_the_command():
    """The border would use it up."""
    assert ("A", "B") == texts("skus", iter(["A", "B"]))
    with pytest.raises(InvalidInput) as refused:
        texts("skus", iter(["A", 5, None]))
    assert [("skus[1]", TYPE, "5"), ("skus[2]", TYPE, "None")] == [
        (fault.path, fault.code, fault.value) for fault in refused.value.faults
    ]


def test_no_more_than_a_hundred_faults_are_named():
    """A list of a million wrong items is one mistake."""
    assert 100 == len(faults([None] * 1000))


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x" * 61, f"'{'x' * 58}…"), (["x"] * 99, repr(["x"] * 99)[:59] + "…"), (10**5000, "huge")],
    ids=["text", "list", "number"],
)
def test_a_long_value_is_shortened(value, shown):
    """An error is read by people, and kept in logs."""
    with pytest.raises(InvalidInput) as refused:
        checker(body)(("a",), {"at": value})

    assert (shown,) == tuple(fault.value for fault in refused.value.faults)


def test_a_protocol_that_can_be_checked_is():
    """Its members say what will do."""

    @runtime_checkable
    class HasOrderId(Protocol):
        @property
        def id(self) -> str: ...

    async def pay(self: Any, order: HasOrderId | str) -> None:
        """A command of anything with an id."""

    check = checker(pay)

    for passing in (Known(Id("a"), 1, "b"), "a"):
        assert ((passing,), {}) == check((passing,), {})
    for refused in (5, None, ["a"], {"id": "a"}, ("a",)):
        with pytest.raises(InvalidInput, match="must be Order or text @ order"):
            check((refused,), {})


@pytest.mark.parametrize("name", ["exclusiv", "options"])
def test_an_option_that_nobody_knows_is_refused(name: str) -> None:
    """A misspelt option must not be passed over: a coupon that was asked for as `cuopon` would be for everybody."""
    with pytest.raises(TypeError, match=rf"^body\(\): got an unexpected keyword argument '{name}'"):
        checker(body)(("a",), {name: True})


def test_a_number_that_is_wanted_beside_money_is_no_missing_currency():
    """Steps may begin at money or at a number of units; what is neither is no money without a currency."""

    def tiers(self: Any, steps: Mapping[Money, str] | Mapping[int, str]) -> None: ...

    checker(tiers)(({3: "a"},), {})
    checker(tiers)(({IDR(3): "a"},), {})
    for neither in ("3", 1.5, True):
        with pytest.raises(InvalidInput, match="must be Money or a whole number @ steps"):
            checker(tiers)(({neither: "a"},), {})
