"""Product types: which attributes a kind of product has, of which kind, and which values they allow."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from tokolib.catalog.errors import InvalidAttribute, InvalidType
from tokolib.catalog.faults import shown
from tokolib.catalog.model import AttributeValue
from tokolib.kernel.errors import Fault, TokolibError
from tokolib.kernel.numbers import exact, shortest

CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""The codes of types, attributes, categories and tax classes."""

LONGEST_TEXT: Final = 2_000
MOST_ATTRIBUTES: Final = 200
"""Attributes of one type."""
TRUTH: Final[Mapping[str, bool]] = {
    "true": True, "yes": True, "ya": True, "1": True,
    "false": False, "no": False, "tidak": False, "0": False,
}  # fmt: skip

Given = str | int | Decimal | bool | date
"""What a caller may give as an attribute's value: its own kind, or text."""


class AttributeKind(StrEnum):
    """Of what kind an attribute's values are."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"


@attrs.frozen
class AttributeDef:
    """One attribute of a product type."""

    code: str
    kind: AttributeKind = AttributeKind.TEXT
    label: str = ""
    required: bool = False
    per_variant: bool = False
    """Whether each variant has its own value; otherwise the product has one."""
    allowed: tuple[str, ...] = ()
    """The only values, as text; empty allows all of the kind. A choice needs them."""


@attrs.frozen
class ProductType:
    """A kind of product and its attributes. Products are checked against it when they are next put."""

    id: str
    """`type:` and its code."""
    version: int
    code: str
    name: str
    attributes: tuple[AttributeDef, ...]

    def attribute(self, code: str) -> AttributeDef | None:
        """The definition of an attribute."""
        return next((each for each in self.attributes if each.code == code), None)


def type_id(code: str) -> str:
    """The id under which a product type is kept."""
    return f"type:{code}"


def checked_type(code: str, name: str, attributes: Iterable[AttributeDef]) -> tuple[AttributeDef, ...]:
    """The definitions of a new or changed type, with every fault at once.

    Raises:
        InvalidType: a code is malformed or twice there, a choice has no values, or a value is not of its kind; the name
            can't be printed, or there are too many attributes.
    """
    definitions = tuple(attributes)
    faults = [] if CODE.fullmatch(code) else [_code_fault("code", code)]
    if len(name) > LONGEST_TEXT:
        faults.append(Fault("name", "catalog.too_long", f"has more than {LONGEST_TEXT} characters", name[:40]))
    if not name.isprintable():
        faults.append(Fault("name", "catalog.unprintable", "has control or invisible characters", repr(name[:40])))
    if len(definitions) > MOST_ATTRIBUTES:
        message = f"has {len(definitions)} attributes; at most {MOST_ATTRIBUTES} are kept"
        raise InvalidType(code, (*faults, Fault("attributes", "catalog.too_many", message)))
    seen: set[str] = set()
    for place, each in enumerate(definitions):
        faults += _definition_faults(f"attributes[{place}]", each, seen)
        seen.add(each.code)
    if faults:
        raise InvalidType(code, tuple(faults))
    return definitions


def _code_fault(path: str, code: str) -> Fault:
    return Fault(path, "catalog.invalid_code", "a code is 1 to 64 of a-z, 0-9, '_' and '-'", code[:80])


def _definition_faults(path: str, definition: AttributeDef, seen: set[str]) -> list[Fault]:
    if misfits := _misfits(path, definition):
        return misfits
    faults = [] if CODE.fullmatch(definition.code) else [_code_fault(f"{path}.code", definition.code)]
    if len(definition.label) > LONGEST_TEXT or not definition.label.isprintable():
        message = f"is not at most {LONGEST_TEXT} printable characters"
        faults.append(Fault(f"{path}.label", "catalog.unprintable", message, repr(definition.label[:40])))
    if definition.code in seen:
        faults.append(Fault(f"{path}.code", "catalog.duplicate", "an attribute is defined once", definition.code))
    if definition.kind is AttributeKind.CHOICE and not definition.allowed:
        faults.append(Fault(f"{path}.allowed", "catalog.required", "a choice lists its values"))
    for place, text in enumerate(definition.allowed):
        try:
            _READERS[definition.kind](definition.code, text)
        except InvalidAttribute as error:
            faults.append(Fault(f"{path}.allowed[{place}]", error.code, str(error), text))
    return faults


def _misfits(path: str, definition: AttributeDef) -> list[Fault]:
    """What no stored definition could be read back with: values of another type than their field's."""
    kinds = {"code": str, "kind": AttributeKind, "label": str, "required": bool, "per_variant": bool, "allowed": tuple}
    values = [(name, getattr(definition, name), kind) for name, kind in kinds.items()]
    if isinstance(definition.allowed, tuple):
        values += [(f"allowed[{place}]", each, str) for place, each in enumerate(definition.allowed)]
    return [
        Fault(f"{path}.{name}", "catalog.wrong_type", f"is no {kind.__name__}", shown(value))
        for name, value, kind in values
        if not isinstance(value, kind)
    ]


def attribute_value(definition: AttributeDef, given: Given) -> AttributeValue:
    """*given*, text or the kind itself, as a value of that attribute.

    Raises:
        InvalidAttribute: it is of another kind, or not among the allowed values.
    """
    read = _READERS[definition.kind]
    value = read(definition.code, given)
    if definition.allowed and value not in {read(definition.code, text) for text in definition.allowed}:
        known = ", ".join(definition.allowed)
        raise InvalidAttribute(definition.code, shown(given), f"is not among the allowed values: {known}")
    return value


def attribute_text(value: AttributeValue) -> str:
    """A value as text that `attribute_value` reads."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return shortest(value)
        case _:
            return str(value)


def _text(code: str, given: Given) -> str:
    if not isinstance(given, str):
        raise InvalidAttribute(code, shown(given), "is not text")
    text = given.strip()
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise InvalidAttribute(code, text[:40], f"is not 1 to {LONGEST_TEXT} printable characters")
    return text


def _decimal(code: str, given: Given) -> Decimal:
    try:
        return exact(given.strip() if isinstance(given, str) else given, code)
    except TokolibError as error:
        raise InvalidAttribute(code, shown(given), "is not a plain decimal number") from error


def _integer(code: str, given: Given) -> int:
    number = _decimal(code, given)
    if number != int(number):
        raise InvalidAttribute(code, shown(given), "is not a whole number")
    return int(number)


def _boolean(code: str, given: Given) -> bool:
    if isinstance(given, bool):
        return given
    truth = TRUTH.get(given.strip().lower()) if isinstance(given, str) else None
    if truth is None:
        raise InvalidAttribute(code, shown(given), f"is none of {', '.join(TRUTH)}")
    return truth


def _date(code: str, given: Given) -> str:
    if type(given) is date:
        return given.isoformat()
    try:
        return date.fromisoformat(given.strip() if isinstance(given, str) else "").isoformat()
    except ValueError as error:
        raise InvalidAttribute(code, shown(given), "is not a date such as 2026-01-31") from error


_READERS: Final[Mapping[AttributeKind, Callable[[str, Given], AttributeValue]]] = {
    AttributeKind.TEXT: _text,
    AttributeKind.INTEGER: _integer,
    AttributeKind.DECIMAL: _decimal,
    AttributeKind.BOOLEAN: _boolean,
    AttributeKind.CHOICE: _text,
    AttributeKind.DATE: _date,
}
