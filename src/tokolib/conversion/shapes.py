"""What is made of parts: our classes, tuples and sets. All parts that can't be read are told at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import IterableValidationError, IterableValidationNote, StructureHandlerNotFoundError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice
from tokolib.records.forms import omitted
from tokolib.records.scalars import refused


def teach_shapes(converter: Converter) -> None:
    """Let *converter* write and read our classes, tuples and sets, and write errors."""
    converter.register_unstructure_hook_factory(_is_ours, _written_class)
    converter.register_structure_hook_factory(_is_ours, _read_class)
    converter.register_structure_hook_factory(_is_tuple, _read_tuple)
    converter.register_structure_hook_factory(_is_set, _read_set)
    converter.register_unstructure_hook_func(_is_error, TokolibError.problem)


def _is_ours(kind: Any) -> bool:
    cls = get_origin(kind) or kind
    scalar = cls in (Money, UnitPrice, UnitOfMeasure)
    return isinstance(cls, type) and attrs.has(cls) and cls.__module__.startswith("tokolib.") and not scalar


def _written_class(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    fields = attrs.fields(attrs.resolve_types(get_origin(kind) or kind))
    left_out: dict[str, Any] = {field.name: override(omit_if_default=True) for field in fields if omitted(field)}
    return make_dict_unstructure_fn(kind, converter, **left_out)


def _read_class(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    if _is_error(kind):
        raise StructureHandlerNotFoundError(f"{kind.__name__} is an error: a problem document is not read back", kind)
    read = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)
    name = (get_origin(kind) or kind).__name__
    return lambda data, kind: read(data, kind) if isinstance(data, Mapping) else refused(f"an object ({name})", data)


def _is_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, TokolibError)


def _is_tuple(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is tuple


def _is_set(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is frozenset


def _read_tuple(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    members = get_args(kind)
    if members[1:] == (...,):
        return lambda data, kind: tuple(_items(data, [members[0]] * len(_list(data)), kind, converter))

    def fixed(data: Any, kind: Any) -> Any:
        if len(_list(data)) != len(members):
            refused(f"a list of {len(members)}", data)
        return tuple(_items(data, members, kind, converter))

    return fixed


def _read_set(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (member,) = get_args(kind)
    return lambda data, kind: frozenset(_items(data, [member] * len(_list(data)), kind, converter))


def _list(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else refused("a list", data)


def _items(data: Sequence[Any], kinds: Sequence[Any], whole: Any, converter: Converter) -> list[Any]:
    """Each item as its kind; all that are none are told at once."""
    made, errors = [], []
    for at, (item, kind) in enumerate(zip(data, kinds, strict=True)):
        try:
            made.append(converter.get_structure_hook(kind)(item, kind))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its place
            error.add_note(IterableValidationNote(f"item {at}", at, kind))  # cattrs' notes carry the place
            errors.append(error)
    if errors:
        raise IterableValidationError("items", errors, whole)
    return made
