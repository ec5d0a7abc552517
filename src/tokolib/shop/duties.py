"""What a part of a shop lacks of the port that it stands for, read off the port itself: its `Protocol` is the list."""

from collections.abc import Awaitable, Iterator
from functools import cache
from inspect import iscoroutinefunction, isfunction
from typing import Any, get_args, get_origin, get_type_hints

import attrs


@attrs.frozen
class Duty:
    """One name that a port has."""

    name: str
    kind: type | None
    """The class of a property; None for a method."""
    may_wait: bool
    """Whether the method may be `async def`."""

    def __str__(self) -> str:
        return f"{self.name}(...)" if self.kind is None else f"{self.name} ({self.kind.__name__})"

    def is_kept(self, part: object) -> bool:
        """Whether *part* has it."""
        found = getattr(part, self.name, None)
        return callable(found) if self.kind is None else isinstance(found, self.kind)


@cache
def duties(port: type) -> tuple[Duty, ...]:
    """All that *port*, a Protocol, asks for, in its order."""
    return tuple(
        _duty(name, member)
        for name, member in vars(port).items()
        if not name.startswith("_") and (isfunction(member) or isinstance(member, property))
    )


def _duty(name: str, member: Any) -> Duty:
    if isinstance(member, property):
        kind = get_type_hints(member.fget)["return"]
        return Duty(name, get_origin(kind) or kind, may_wait=False)
    answer = get_type_hints(member)["return"]
    return Duty(name, None, may_wait=any(get_origin(each) is Awaitable for each in get_args(answer)))


def lacking(part: object, port: type) -> Iterator[str]:
    """What *part* is wrong in, as *port*: names that aren't there, and methods that would have to be awaited."""
    if isinstance(part, type):
        yield f"must be an object, such as {part.__name__}() may be"
        return
    if missing := [str(duty) for duty in duties(port) if not duty.is_kept(part)]:
        yield f"must have {', '.join(missing)}"
    for duty in duties(port):
        if not duty.may_wait and is_async(getattr(part, duty.name, None)):
            yield f"{duty} must answer at once, not be awaited"


def waiting(part: object, port: type) -> bool:
    """Whether a method of *part* must be awaited."""
    return any(is_async(getattr(part, duty.name, None)) for duty in duties(port))


def is_async(call: object) -> bool:
    """Whether *call* is an `async def`, or an object that is called by one."""
    called = getattr(type(call), "__call__", None)  # noqa: B004 - whether it waits, not whether it can be called
    return iscoroutinefunction(call) or iscoroutinefunction(called)
