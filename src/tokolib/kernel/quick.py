"""Frozen values made quickly: where thousands are made, setting each field of a frozen one takes three times as long.

The fields of an open twin are set, and then the twin is made the frozen class. What comes out is what the class itself
would have made: frozen, of that class, equal. Classes that look at their fields when they are made (validators,
converters, a hook) are made as everyone makes them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, ParamSpec, TypeVar

import attrs

P = ParamSpec("P")
T = TypeVar("T")

_OPEN: Final = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
"""Both, or Python takes the slow way for each."""


def thawed(cls: type) -> type | None:
    """A subclass whose instances can be filled, and then made those of *cls*.

    None where *cls* looks at its fields, or has more to remember than these: its hash.
    """
    code = getattr(cls.__dict__.get("__init__"), "__code__", None)
    written = code is not None and code.co_filename.startswith("<attrs generated")
    looking = any(field.validator or field.converter or not field.init for field in attrs.fields(cls))
    remembering = "_attrs_cached_hash" in dir(cls)
    if not written or looking or remembering or {"__attrs_pre_init__", "__attrs_post_init__"} & set(dir(cls)):
        return None
    twin: type = type(cls.__name__, (cls,), {"__slots__": (), **_OPEN})
    try:
        object.__setattr__(object.__new__(twin), "__class__", cls)
    except TypeError:  # it has no slots
        return None
    return twin


def quick(cls: Callable[P, T]) -> Callable[P, T]:
    """A function that makes values of *cls*, which is called as the class is.

    Raises:
        TypeError: *cls* looks at its fields, or has a default that is made anew each time.
    """
    answer: Callable[P, T] = _maker(cls, {})
    return answer


def stamp(cls: Callable[..., T], **same: object) -> Callable[..., T]:
    """The same for values that have fields in common: *same* ones are given here, and the others in their order.

    Raises:
        TypeError: as `quick`; or the class has no such field.
    """
    answer: Callable[..., T] = _maker(cls, same)
    return answer


def _maker(cls: Any, same: Mapping[str, object]) -> Any:
    made: Any = cls
    twin = thawed(made)
    fields = attrs.fields(made)
    if twin is None or any(field.kw_only or isinstance(field.default, attrs.Factory) for field in fields):  # type: ignore[arg-type]
        raise TypeError(f"{made.__name__} can't be made quickly")
    if unknown := same.keys() - {field.alias for field in fields}:
        raise TypeError(f"{made.__name__} has no {', '.join(sorted(unknown))}")
    names: dict[str, Any] = {"new": object.__new__, "twin": twin, "cls": made}
    given = []
    for at, field in enumerate(fields):
        names[f"d{at}"] = same.get(field.alias, field.default)
        if field.alias not in same:
            given.append(field.alias if field.default is attrs.NOTHING else f"{field.alias}=d{at}")
    lines = [
        f"def make({', '.join(given)}):",
        "o = new(twin)",
        *(f"o.{field.name} = {f'd{at}' if field.alias in same else field.alias}" for at, field in enumerate(fields)),
        "o.__class__ = cls",
        "return o",
    ]
    exec("\n    ".join(lines), names)  # noqa: S102 - written here, of declared names only
    return names["make"]
