"""From a run that failed to a script that is read: the fewest steps that fail again, and the words for them."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import attrs

from tokolib.kernel.events import parts_of
from tokolib.testing.simulator.run import Failed, Told
from tokolib.testing.simulator.steps import Step
from tokolib.testing.simulator.world import Setting

MOST_TRIES: Final = 300
Attempt = Callable[[Sequence[Step]], Awaitable[Failed | None]]


async def shrunk(failed: Failed, attempt: Attempt) -> Failed:
    """The shortest run that was found to break the same promise: by leaving steps out, and then what strikes them.

    Without luck involved: the same failure always shrinks the same way.
    """
    shrinking = _Shrinking(failed, attempt)
    if not await shrinking.still(shrinking.steps):
        return failed  # over another storage or gateway of the same factory it doesn't fail; what was seen stands
    await shrinking.still(_related(failed))
    size = (len(shrinking.steps) + 1) // 2
    while size and shrinking.tries < MOST_TRIES:
        left_out = await shrinking.leave_out(size)
        size = size if size == 1 and left_out else size // 2
    for at, step in enumerate(shrinking.steps):
        if step != step.plain:
            now = shrinking.steps
            await shrinking.still([*now[:at], step.plain, *now[at + 1 :]])
    return shrinking.best


def _related(failed: Failed) -> list[Step]:
    """The steps that touched what broke, and those that touched nothing in the shop, such as a customer's payment."""
    names = {word.partition(".")[0] for word in failed.broken.row.split()}
    names |= {each.intent.id for each in failed.run.world.book.deals.values() if each.id in names}
    names |= {each.id for each in failed.run.world.book.deals.values() if each.intent.id in names}
    return [
        told.step
        for told in failed.run.told
        if not told.streams or any(parts_of(stream)[1] in names for stream in told.streams)
    ]


@attrs.define
class _Shrinking:
    """The shortest failure so far."""

    best: Failed
    attempt: Attempt
    tries: int = 0

    @property
    def steps(self) -> list[Step]:
        """Its steps, up to the one that failed."""
        return [told.step for told in self.best.run.told]

    async def still(self, steps: Sequence[Step]) -> bool:
        """Whether *steps* break the same promise; if they do they are the shortest from now on."""
        self.tries += 1
        found = await self.attempt(steps) if self.tries <= MOST_TRIES else None
        if found is None or found.broken.promise != self.best.broken.promise:
            return False
        self.best = found
        return True

    async def leave_out(self, size: int) -> bool:
        """Leave out so many steps at a time, the last ones first; whether any could be."""
        left_out, end = False, len(self.steps)
        while end > 0:
            now = self.steps
            start = max(0, end - size)
            left_out |= await self.still([*now[:start], *now[end:]])
            end = min(start, len(self.steps))
        return left_out


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
        if module != "__main__" and getattr(sys.modules.get(module), name, None) is value:
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
