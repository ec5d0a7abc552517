"""What `simulate` may be called with; anything else is refused before a shop is opened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature
from typing import Any, Final

from tokolib.desk.settings import SettingsService
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.policies import Policies
from tokolib.testing.simulator.world import Style


def check(**given: Any) -> None:
    """Look at the arguments by name.

    Raises:
        InvalidInput: some can't be; all of them are named.
    """
    faults = tuple(fault for name, value in given.items() for fault in _CHECKS[name](name, value))
    if faults:
        raise InvalidInput(faults)


_Check = Callable[[str, Any], Iterator[Fault]]


def _whole(least: int | None) -> _Check:
    """A check for whole numbers, of at *least* so much."""
    wanted = "a whole number" if least is None else f"a whole number of at least {least}"

    def faults(name: str, value: object) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool) or (least is not None and value < least):
            yield Fault(name, f"testing.bad_{name}", f"must be {wanted}", shown(value))

    return faults


def _steps(name: str, value: object) -> Iterator[Fault]:
    if isinstance(value, int):
        yield from _whole(1)(name, value)
    elif not isinstance(value, Sequence) or isinstance(value, str | bytes):
        yield Fault(name, "testing.bad_steps", "must be how many, or a list of steps as a script has it", shown(value))


def _maker(name: str, value: object) -> Iterator[Fault]:
    if value is not None and not callable(value):
        yield Fault(name, f"testing.bad_{name}", "must be a function that makes one for each run", shown(value))


def _style(name: str, value: object) -> Iterator[Fault]:
    if value is not None and value not in tuple(Style):
        yield Fault(name, "testing.bad_style", f"must be one of {', '.join(Style)}", shown(value))


def _policies(name: str, value: object) -> Iterator[Fault]:
    if value is not None and not isinstance(value, Policies):
        yield Fault(name, "testing.bad_policies", "must be Policies", shown(value))


def _settings(name: str, value: object) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield Fault(name, "testing.bad_settings", "must be arguments of settings.change by name", shown(value))
        return
    known = signature(SettingsService.change.body).parameters
    for each in value:
        if each not in known or each == "self":
            yield Fault(f"{name}[{shown(each, str)}]", "testing.bad_settings", "is no argument of settings.change")


def _part(name: str, value: object) -> Iterator[Fault]:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:  # nan is in no range
        yield Fault(name, f"testing.bad_{name}", "must be a part, from 0 to 1", shown(value))


_CHECKS: Final[Mapping[str, _Check]] = {
    "seed": _whole(None),
    "steps": _steps,
    "storage": _maker,
    "gateway": _maker,
    "style": _style,
    "policies": _policies,
    "settings": _settings,
    "faults": _part,
    "verify_every": _whole(1),
}
