"""Wire forms: how a frozen value becomes JSON and comes back, exactly.

Money is `[minor units, "IDR"]`, decimals and fractions are text, instants are ISO 8601 in UTC. A field whose
default is *nothing* (None, zero, empty, false) is left out when it holds that; any other default is always
written, so that a default changed in the library can't rewrite what is stored.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, NewType, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.money import Currency, Money, UnitPrice, currency
from tokolib.kernel.quantity import UnitOfMeasure

T = TypeVar("T")

_SCALARS: Final = frozenset({str, int, bool, Decimal, Fraction, date, datetime, Money, NoneType, frozenset})
_CONDITIONS: Final = "tokolib.conditions.model"
_NOTHING: Final[tuple[Any, ...]] = (None, "", 0, False, ())


def _structure_scalar(value: Any, _: object) -> Any:
    """A value of a union of scalars: JSON's own types as they are, the others tagged."""
    match value:
        case None | str() | int():
            return value
        case {"money": money}:
            return _money(money)
        case {"decimal": text}:
            return _decimal(text)
        case {"fraction": text}:
            return _fraction(text)
        case {"instant": text}:
            return _instant(text)
        case {"day": text}:
            return _day(text)
        case {"set": [*texts]}:
            return frozenset(_text(text, None) for text in texts)
        case _:
            raise TypeError(f"no scalar: {str(value)[:40]}")


def _unstructure_scalar(value: Any) -> Any:
    match value:
        case _ if type(value) is str:
            return value
        case Enum():
            return value.value
        case Money():
            return {"money": [value.minor_units, value.currency.code]}
        case Decimal():
            return {"decimal": str(value)}
        case Fraction():
            return {"fraction": str(value)}
        case datetime():
            return {"instant": _instant_text(value)}
        case date():
            return {"day": value.isoformat()}
        case frozenset():
            return {"set": sorted(value)}
        case _:
            return value


def _exactly(kind: type[T]) -> Callable[[Any, Any], T]:
    """Takes values of just this type: cattrs would make "5" of 5, and True of "no"."""

    def structure(value: Any, _: object) -> T:
        if type(value) is not kind:
            raise TypeError(f"{kind.__name__} expected, not {str(value)[:40]!r}")
        return value

    return structure


_text = _exactly(str)


def _decimal(text: Any) -> Decimal:
    if not (made := Decimal(_text(text, None))).is_finite():
        raise ValueError(f"no finite number: {text}")
    return made


def _fraction(text: Any) -> Fraction:
    return Fraction(_text(text, None))


def _instant(text: Any) -> datetime:
    return aware(datetime.fromisoformat(_text(text, None)), "instant")


def _instant_text(instant: datetime) -> str:
    return aware(instant, "instant").isoformat()


def _day(text: Any) -> date:
    return date.fromisoformat(_text(text, None))


def _money(raw: Any) -> Money:
    units, code = raw
    return _amount(units, code)


@lru_cache(maxsize=4096, typed=True)
def _amount(units: int, code: str) -> Money:
    return Money(units, currency(code))


def _unit_price(raw: Any) -> UnitPrice:
    scaled, code = raw
    return _price(scaled, code)


@lru_cache(maxsize=4096, typed=True)
def _price(scaled: int, code: str) -> UnitPrice:
    return UnitPrice(scaled, currency(code))


def _unit(raw: Any) -> UnitOfMeasure:
    code, step = raw
    return _measure(_text(code, None), _text(step, None))


@lru_cache(maxsize=256)
def _measure(code: str, step: str) -> UnitOfMeasure:
    return UnitOfMeasure(code, _decimal(step))


def _is_scalar_union(kind: Any) -> bool:
    if get_origin(kind) not in (Union, UnionType):
        return False
    kinds = {_bare(arg) for arg in get_args(kind)}
    return kinds <= _SCALARS and len(kinds - {NoneType}) > 1


def _is_predicate(kind: Any) -> bool:
    """Whether *kind* is the union of predicate nodes; told by its members' home, so that it needn't be loaded."""
    members = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    return bool(members) and all(getattr(member, "__module__", "") == _CONDITIONS for member in members)


def _unstructure_predicate(value: Any) -> Any:
    from tokolib.conditions import to_plain

    return to_plain(value)


def _structure_predicate(value: Any, _: object) -> Any:
    from tokolib.conditions import from_plain

    return from_plain(value)


def _is_frozenset(kind: Any) -> bool:
    return bool(get_origin(kind) is frozenset)


def _bare(kind: Any) -> Any:
    if _is_frozenset(kind):
        return frozenset
    return kind.__supertype__ if isinstance(kind, NewType) else kind


def _omitted(cls: type) -> dict[str, Any]:
    return {
        field.name: override(omit_if_default=True)
        for field in attrs.fields(cls)
        if any(
            field.default is nothing or (field.default == nothing and type(field.default) is type(nothing))
            for nothing in _NOTHING
        )
    }


def _unstructure(cls: Any, made: Converter) -> Callable[[Any], Any]:
    return make_dict_unstructure_fn(attrs.resolve_types(cls), made, **_omitted(cls))


def _structure(cls: Any, made: Converter) -> Callable[[Any, Any], Any]:
    fields = attrs.fields(attrs.resolve_types(cls))
    if len({field.kw_only for field in fields}) == 1:
        return make_dict_structure_fn(cls, made, _cattrs_forbid_extra_keys=True)
    hooks = {field.name: (made.get_structure_hook(field.type), field.type) for field in fields}

    def by_name(plain: Any, _: Any) -> Any:  # cattrs writes no code for a keyword field before a positional one
        return cls(**{name: hooks[name][0](value, hooks[name][1]) for name, value in plain.items()})

    return by_name


def _is_tuple_of_one_kind(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _structure_tuple(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    item = get_args(kind)[0]
    hook = _hook(item, made)
    return lambda values, _: tuple([hook(value, item) for value in values])


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and len(get_args(kind)) == 2 and NoneType in get_args(kind)


def _structure_optional(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    member = next(each for each in get_args(kind) if each is not NoneType)
    hook = _hook(member, made)
    return lambda value, _: None if value is None else hook(value, member)


def _hook(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    """The hook of *kind*, found once and not at every value; a type that contains itself has none yet."""
    try:
        return made.get_structure_hook(kind)
    except RecursionError:
        return made.structure


def _converter() -> Converter:
    made = Converter(detailed_validation=False, forbid_extra_keys=True)
    made.register_unstructure_hook_factory(attrs.has, lambda cls: _unstructure(cls, made))
    made.register_structure_hook_factory(attrs.has, lambda cls: _structure(cls, made))
    made.register_structure_hook_factory(_is_tuple_of_one_kind, lambda kind: _structure_tuple(kind, made))
    made.register_structure_hook_factory(_is_optional, lambda kind: _structure_optional(kind, made))

    def register(kind: type[T], out: Callable[[T], Any], back: Callable[[Any], T]) -> None:
        made.register_unstructure_hook(kind, out)
        made.register_structure_hook(kind, lambda value, _: back(value))

    register(Currency, lambda value: value.code, currency)
    register(Money, lambda value: [value.minor_units, value.currency.code], _money)
    register(UnitPrice, lambda value: [value.scaled, value.currency.code], _unit_price)
    register(UnitOfMeasure, lambda value: [value.code, str(value.step)], _unit)
    register(Decimal, str, _decimal)
    register(Fraction, str, _fraction)
    register(date, date.isoformat, _day)
    register(datetime, _instant_text, _instant)
    for plain in (str, int, bool):
        made.register_structure_hook(plain, _exactly(plain))
    made.register_structure_hook(StrEnum, lambda value, kind: kind(value))
    made.register_unstructure_hook_func(_is_scalar_union, _unstructure_scalar)
    made.register_structure_hook_func(_is_scalar_union, _structure_scalar)
    made.register_unstructure_hook_func(_is_predicate, _unstructure_predicate)
    made.register_structure_hook_func(_is_predicate, _structure_predicate)
    made.register_unstructure_hook_func(_is_frozenset, lambda value: sorted(made.unstructure(item) for item in value))
    return made


CONVERTER: Final = _converter()


def dump(value: Any) -> Any:
    """*value* as JSON-ready plain data."""
    return CONVERTER.unstructure(value)


def load(plain: Any, kind: type[T]) -> T:
    """Plain data as a value of *kind*."""
    return CONVERTER.structure(plain, kind)


def to_json(plain: Any) -> str:
    """Plain data as the one JSON text that it has: sorted keys, no blanks, no floats.

    Raises:
        InvalidInput: half of a character pair stands alone in it, so that it is no Unicode text.
    """
    text = _ENCODER.encode(plain)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            shown = repr(text[max(0, error.start - 20) : error.end])
            raise InvalidInput((Fault("", "records.not_unicode", "is not Unicode text", shown),)) from error
    return text


def from_json(text: bytes) -> Any:
    """JSON text as plain data; a float or a doubled key in it is an error."""
    return _DECODER.decode(text.decode())


def _no_float(text: str) -> Any:
    raise ValueError(f"a float in a stored record: {text}")


def _single(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(f"a doubled key in a stored record: {[key for key, _ in pairs]}")
    return made


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER: Final = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_single)
