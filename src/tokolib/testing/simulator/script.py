"""From a run that failed to a script that is read: the fewest steps that fail again, and the words for them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import attrs

from tokolib.testing.simulator.run import Failed, Told
from tokolib.testing.simulator.steps import Step
from tokolib.testing.simulator.world import Setting

MOST_TRIES: Final = 400
Attempt = Callable[[Sequence[Step]], Awaitable[Failed | None]]


async def shrunk(failed: Failed, attempt: Attempt) -> Failed:
    """The shortest run that was found to break the same promise: by leaving steps out, and then what strikes them.

    Without luck involved: the same failure always shrinks the same way.
    """
    best, tries = failed, 0

    async def still(steps: Sequence[Step]) -> bool:
        nonlocal best, tries
        tries += 1
        found = await attempt(steps) if tries <= MOST_TRIES else None
        if found is None or found.broken.promise != failed.broken.promise:
            return False
        best = found
        return True

    def steps() -> list[Step]:
        return [told.step for told in best.run.told]

    if not await still(steps()):
        return failed  # by another storage or gateway of the same factory it doesn't fail; what was seen stands
    size = len(steps()) // 2
    while size and tries < MOST_TRIES:
        at, left_out = 0, False
        while at < len(steps()):
            now = steps()
            if await still([*now[:at], *now[at + size :]]):
                left_out = True
            else:
                at += size
        if size == 1 and not left_out:
            break
        size = max(1, size // 2)
    for at in range(len(steps())):
        if (now := steps())[at] != now[at].plain:
            await still([*now[:at], now[at].plain, *now[at + 1 :]])
    return best


def script(failed: Failed, setting: Setting) -> str:
    """A Python script that replays *failed*."""
    broken, made, lines = failed.broken, _given(setting), []
    imports = {"from tokolib.testing import " + ("asimulate" if setting.asynchronous else "simulate"): None}
    for name, value in made.items():
        text, wanted = _written(value)
        imports |= dict.fromkeys(wanted)
        lines.append(f"    {name}={text},")
    call = "asyncio.run(asimulate(" if setting.asynchronous else "simulate("
    steps = [f"        {str(told.step)!r},{_comment(told)}" for told in failed.run.told]
    head = ["import asyncio", ""] if setting.asynchronous else []
    return "\n".join(
        [
            f'"""{broken.promise}, {broken.row}: {broken.found}."""'.replace("\n", " "),
            "",
            *head,
            *imports,
            "",
            call,
            f"    {setting.seed},",
            *lines,
            "    steps=[",
            *steps,
            "    ],",
            "))" if setting.asynchronous else ")",
            "",
        ]
    )


def _given(setting: Setting) -> dict[str, Any]:
    """What the simulation was called with, beside its steps, where it is not what it is anyway."""
    plain = attrs.fields_dict(Setting)
    names = [name for name in plain if name not in ("seed", "asynchronous")]
    given = {name: getattr(setting, name) for name in names}
    return {name: value for name, value in given.items() if value not in (None, {})}


def _written(value: Any) -> tuple[str, list[str]]:
    """*value* as Python writes it, with what has to be imported for that; a name where it can't be."""
    if callable(value):
        module, name = getattr(value, "__module__", "__main__"), getattr(value, "__qualname__", repr(value))
        if name.isidentifier() and module != "__main__":
            return name, [f"from {module} import {name}"]
        return f"...  # {name} of {module}, which has no name to import it by", []
    if attrs.has(type(value)):
        kind = type(value)
        differing = (field for field in attrs.fields(kind) if getattr(value, field.name) != field.default)
        inside = ", ".join(f"{field.name}={str(getattr(value, field.name))!r}" for field in differing)
        return f"{kind.__name__}({inside})", [f"from tokolib import {kind.__name__}"]
    return repr(str(value) if isinstance(value, str) else value), []


def _comment(told: Told) -> str:
    return f"  # {told}".replace("\n", " ")
