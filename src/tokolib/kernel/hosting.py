"""One body, two colours: services are written once as `async def`, and driven by hand where nobody awaits.

`AsyncShop` awaits a service's coroutine. `Shop` steps it: no event loop, no thread, so the host's transaction
and context variables simply hold. A port method that must answer returns `MaybeAwaitable[T]`, and services
reach it only through `resolved`.
"""

import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property, update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, cast, overload

from tokolib.kernel.arguments import checker
from tokolib.kernel.errors import HostMismatch

T = TypeVar("T")
P = ParamSpec("P")
S = TypeVar("S")

MaybeAwaitable: TypeAlias = T | Awaitable[T]


async def resolved(value: MaybeAwaitable[T]) -> T:
    """What a port answered, awaited if it must be."""
    if hasattr(type(value), "__await__"):
        return await cast(Awaitable[T], value)
    return cast(T, value)


def drive(call: Coroutine[Any, Any, T], part: str = "a port") -> T:
    """Run *call* to its end without an event loop.

    Raises:
        HostMismatch: something in it really waited; the call was closed, and its unit of work with it.
    """
    try:
        call.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    with contextlib.suppress(RuntimeError):  # an async rollback in a `finally` ignores the closing
        call.close()
    raise HostMismatch(part)


class Blocking:
    """The colour of `Shop`: commands return their result."""


class Awaiting:
    """The colour of `AsyncShop`: commands return a coroutine."""


Colour = TypeVar("Colour", Blocking, Awaiting)


class Service(Generic[Colour]):
    """The root of the doors of a shop. `blocking` says how its commands run."""

    blocking: bool


class command(Generic[S, P, T]):  # noqa: N801 - reads as a keyword at every use
    """Makes one `async def` method into a blocking method of `Shop` and an awaitable one of `AsyncShop`.

    Arguments are held against the method's annotations first, and refused all at once (`InvalidInput`).
    """

    def __init__(self, body: Callable[Concatenate[S, P], Coroutine[Any, Any, T]]) -> None:
        self.body = body
        self.__doc__ = body.__doc__
        self.__name__ = body.__name__
        self.__wrapped__ = body

    @overload
    def __get__(self, instance: Service[Blocking], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: Service[Awaiting], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, instance: None, owner: type) -> "command[S, P, T]": ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        return MethodType(self._blocking if instance.blocking else self._awaiting, instance)

    @cached_property
    def _blocking(self) -> Callable[..., Any]:
        def call(instance: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            given, named = self._check(args, kwargs)
            return drive(self.body(instance, *given, **named), self.__name__)

        return update_wrapper(call, self.body)

    @cached_property
    def _awaiting(self) -> Callable[..., Any]:
        async def call(instance: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            given, named = self._check(args, kwargs)
            return await self.body(instance, *given, **named)

        return update_wrapper(call, self.body)

    @cached_property
    def _check(self) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
        return checker(self.body)
