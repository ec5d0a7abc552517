"""The page of values tells of everything that goes into a command or comes out of one."""

import re
import runpy
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path

import attrs
from pages.reachable import reachable
from printed import printed

from tokolib.kernel import hosting
from tokolib.kernel.events import Event
from tokolib.shop import Shop

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "values.md").read_text("utf-8")
TOLD = set(re.findall(r"^### (\w+\.\w+)$", PAGE, re.MULTILINE))
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
ROOMS = {cls.__module__.split(".")[1] for cls in reachable()}


def test_what_the_commands_of_the_tutorial_answer_is_told(monkeypatch, tmp_path):
    """Every value that comes out of a command there, with all that is inside it, stands on the page."""
    seen = set()
    really_drive = hosting.drive

    def drive(call, part):
        answer = really_drive(call, part)
        seen.update(_classes(answer))
        return answer

    monkeypatch.setattr(hosting, "drive", drive)
    page = (ROOT / "docs" / "tutorial" / "first-shop.md").read_text("utf-8")
    story = tmp_path / "story.py"
    story.write_text("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), "utf-8")

    printed(lambda: runpy.run_path(str(story)))

    assert 30 < len(seen)
    assert set() == {_name(cls) for cls in seen if not _on_settings(cls)} - TOLD


def test_a_public_value_that_a_signature_names_is_told():
    """So are those that the page's own types name: nothing is left to be looked up in the code."""
    doors = (ROOT / "docs" / "reference" / "doors.md").read_text("utf-8")
    signatures = "".join(re.findall(r"```text\n(.*?)```", doors, re.DOTALL))
    types = "".join(re.findall(r"^\| `[^|]*` \| `(?:\\\||[^|])*` \|", PAGE, re.MULTILINE))
    named = set(re.findall(r"\w+", signatures + types + doors.partition("\n## ")[0]))

    public = {cls for room in ROOMS for cls in _public(f"tokolib.{room}") if cls.__name__ in named}
    missing = {cls.__name__ for cls in public if not _on_settings(cls)} - {name.partition(".")[2] for name in TOLD}
    missing -= set(re.findall(r"^\| `(\w+)`", doors, re.MULTILINE))  # a short name there, of another thing

    assert 60 < len(public)
    assert set() == missing


def test_the_values_of_a_first_shop_are_told_in_full():
    """Import path, first sentence, fields with default and meaning, properties."""
    wish = _part("checkout.ChargeWish")
    order = _part("orders.Order")

    assert "`from tokolib import ChargeWish`" in wish
    assert "| `label` | `str` |  | What the customer reads. |" in wish
    assert '| `tax_class` | `str` | `"standard"` |  |' in wish
    assert "| `due` | `Money` | What is still to be paid, less what was written off;" in order
    assert "By name only: `city`, `postal_code`, `country`" in _part("kernel.Address")
    assert "| `cap` | `Money \\| None` | may be left out | At most this much, of all lines together. |" in _part(
        "pricing.Options"
    )
    assert '| `tax_class` | `str` | `"standard"` |' in _part("catalog.ProductDraft")
    assert "| `attributes` | `Mapping[str, Given]` | `{}` |" in _part("catalog.VariantDraft")
    assert "| `SHIPPING` | `shipping` |" in _part("pricing.ChargeKind")


def test_values_are_frozen_as_the_page_says():
    """An attrs class that could be changed in place would be another kind of thing."""
    values = [cls for cls in reachable() if attrs.has(cls)]

    assert [] == [cls for cls in values if cls.__setattr__ is object.__setattr__]


def test_an_import_path_leads_to_its_value():
    """Each is run as it stands on the page."""
    lines = re.findall(r"^`(from tokolib\S* import \w+)`$", PAGE, re.MULTILINE)

    assert len(lines) > 50
    for line in lines:
        exec(line, {})  # noqa: S102


def test_the_parts_of_a_shop_are_told_with_their_methods():
    """Every argument of `open` that is a port: what it must have, and the values that go in and come out."""
    part = PAGE.partition("\n## Parts of a shop\n")[2]
    ports = set(re.findall(r"^### \w+\.(\w+)$", part, re.MULTILINE))

    assert {"AccessPolicy", "Broker", "Clock", "Ids", "PaymentGateway", "TaxProvider"} == ports
    assert "publish(messages: Sequence[Message]) -> MaybeAwaitable[Sequence[Acknowledgement | Refusal]]" in part
    assert {f"desk.{name}" for name in ("Message", "Acknowledgement", "Refusal", "BrokerCapabilities")} <= TOLD
    assert {"payments.Charge", "payments.LookUp", "payments.Webhook", "effects.Observation"} <= TOLD
    assert {"tax.TaxRequest", "tax.TaxEstimate", "tax.TaxDocument", "tax.TaxReceipt"} <= TOLD


def test_every_way_into_and_out_of_a_shop_is_told():
    """What a shop itself offers, commands or not, stands on the page of the doors."""
    doors = (ROOT / "docs" / "reference" / "doors.md").read_text("utf-8")
    told = set(re.findall(r"^### shop\.(\w+)$", doors, re.MULTILINE))
    doors_of_it = set(re.findall(r"^## shop\.(\w+)$", doors, re.MULTILINE))

    assert {name for name in dir(Shop) if not name.startswith("_")} == told | doors_of_it


def test_links_lead_to_the_headings_of_the_page():
    """An anchor is a heading in small letters without its full stop."""
    anchors = {name.replace(".", "").lower() for name in TOLD}

    assert anchors == set(re.findall(r"\(#(\w+)\)", PAGE))


def _part(name: str) -> str:
    return PAGE.partition(f"\n### {name}\n")[2].partition("\n##")[0]


def _public(module: str) -> Iterator[type]:
    face = import_module(module)
    for name in getattr(face, "__all__", ()):
        thing = getattr(face, name)
        value = isinstance(thing, type) and not issubclass(thing, BaseException)
        if value and (attrs.has(thing) or issubclass(thing, Enum)):
            yield thing


def _classes(value: object) -> Iterator[type]:
    """The classes of *value* and of all values in it. Events are told where they are defined, each by itself."""
    if isinstance(value, Enum):
        yield type(value)
    elif isinstance(value, Mapping):
        yield from _classes((*value.keys(), *value.values()))
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _classes(each)
    elif attrs.has(type(value)) and not isinstance(value, Event | BaseException):
        yield type(value)
        for field in attrs.fields(type(value)):
            yield from _classes(getattr(value, field.name))


def _name(cls: type) -> str:
    return f"{cls.__module__.split('.')[1]}.{cls.__name__}"


def _on_settings(cls: type) -> bool:
    return f"## {cls.__name__}\n" in SETTINGS or f"**{cls.__name__}**" in SETTINGS
