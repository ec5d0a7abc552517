"""Arguments of a command, held against their annotations and given their names.

A choice may be given by its word (`on="order"`): the command gets the member.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final, Unpack, get_args, get_origin, get_type_hints, is_typeddict

from tokolib.kernel.annotations import MOST_FAULTS, Check, check_of
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.money_errors import NotMoney

_REST: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
Given = tuple[tuple[Any, ...], dict[str, Any]]
"""Arguments by place, and by name."""


def checker(body: Callable[..., Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], Given]:
    """A function that passes the arguments of *body* (without `self`) on, or refuses them.

    Raises (the function):
        InvalidInput: values of another type than annotated, or text that no storage keeps (half of a surrogate
            pair, NUL), in the arguments or inside them; the first hundred are named. Nothing was opened.
        NotMoney: only this is wrong: a bare number for an amount or a price. Nothing was opened.
        TypeError: missing or unknown arguments, as Python itself says, with the name of the command.
    """
    signature = inspect.signature(body)
    checks, options, bind = _checks(body.__annotations__), _options(signature), _binder(signature)

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Given:
        plain = bind(args, kwargs)
        if plain is not None and all(checks[name].passes(value) for name, value in plain if name in checks):
            return args, kwargs
        bound = _bound(body, signature, options, (args, kwargs))
        for name, value in bound.arguments.items():
            look = checks.get(name)
            if look is not None and type(value) is str:
                bound.arguments[name] = look.choices.get(value, value)
            elif look is not None and look.listed and isinstance(value, Iterator):
                bound.arguments[name] = tuple(value)
        faults = (
            fault
            for name, path, value in _flat(bound.arguments, signature)
            if (look := checks.get(name)) is not None
            for fault in look.faults(path, value)
        )
        if named := tuple(islice(faults, MOST_FAULTS)):
            raise _refusal(named)
        return bound.args[1:], bound.kwargs

    return check


def _bound(
    body: Callable[..., Any], signature: inspect.Signature, options: Mapping[str, frozenset[str]], given: Given
) -> inspect.BoundArguments:
    """The arguments by name.

    Raises:
        TypeError: as Python itself says, and which command it is; nobody takes a misspelt option.
    """
    args, kwargs = given
    try:
        bound = signature.bind(None, *args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{body.__qualname__}(): {error}") from None
    for rest, known in options.items():
        for strange in sorted(bound.arguments.get(rest, {}).keys() - known):
            near = get_close_matches(strange, [*signature.parameters, *known], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{body.__qualname__}(): got an unexpected keyword argument {strange!r}{hint}")
    return bound


def _binder(
    signature: inspect.Signature,
) -> Callable[[tuple[Any, ...], dict[str, Any]], list[tuple[str, Any]] | None]:
    """A function that names the arguments of a plain call, or answers None: then Python itself is asked."""
    plain = [each for each in list(signature.parameters.values())[1:] if each.kind not in _REST]
    by_place = [each.name for each in plain if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    by_name = {each.name for each in plain if each.kind is not inspect.Parameter.POSITIONAL_ONLY}
    needed = {each.name for each in plain if each.default is inspect.Parameter.empty}

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[str, Any]] | None:
        given = by_place[: len(args)]
        if len(given) < len(args) or not by_name.issuperset(kwargs) or not kwargs.keys().isdisjoint(given):
            return None
        if not needed.issubset([*given, *kwargs]):
            return None
        return [*zip(given, args, strict=True), *kwargs.items()]

    return bind


def _refusal(faults: tuple[Fault, ...]) -> InvalidInput | NotMoney:
    """The error for *faults*; a bare number for money, when it is all that is wrong, has its own."""
    first = faults[0]
    return (
        NotMoney(first.path, first.value) if faults[1:] == () and first.code == NotMoney.code else InvalidInput(faults)
    )


def _options(signature: inspect.Signature) -> dict[str, frozenset[str]]:
    """The names that a command's `**options` may have; Python itself would take any."""
    return {
        each.name: frozenset(get_type_hints(get_args(each.annotation)[0]))
        for each in signature.parameters.values()
        if get_origin(each.annotation) is Unpack
    }


def _flat(bound: Mapping[str, Any], signature: inspect.Signature) -> Iterator[tuple[str, str, Any]]:
    """Each argument by the name that is annotated, its path, and its value."""
    for name, value in bound.items():
        match signature.parameters[name].kind:
            case inspect.Parameter.VAR_KEYWORD:
                yield from ((key, key, each) for key, each in value.items())
            case inspect.Parameter.VAR_POSITIONAL:
                yield from ((name, f"{name}[{at}]", each) for at, each in enumerate(value))
            case _:
                yield name, name, value


def _checks(hints: Mapping[str, Any]) -> dict[str, Check]:
    made: dict[str, Check] = {}
    for name, hint in hints.items():
        if isinstance(hint, str):  # named only for type checkers
            continue
        if get_origin(hint) is Unpack and is_typeddict(options := get_args(hint)[0]):
            made |= _checks(get_type_hints(options))
        elif name not in ("self", "return"):
            made[name] = check_of(hint, textual=True)
    return made
