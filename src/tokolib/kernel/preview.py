"""Previews: what a command would do, shown before it is done, and then done only as it was shown.

A preview is made by running the command itself in a unit that is given up (`Work.rehearse`), so there is no second
calculation that could say something else. Its hash covers what was asked and what would come of it, not the version of
anything: whatever happened meanwhile, the command is refused only where something that was shown is different now.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, Final

import attrs

from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import TokolibError

MOST_NAMED: Final = 12
"""So many figures stand in a message; the error has them all."""


@attrs.frozen(kw_only=True)
class Preview:
    """What a command would do to something. Subclasses hold the figures."""

    subject: str
    """The id of the order, payment or return that it is about."""
    command: str
    """Such as `orders.cancel`."""
    request: str
    """The fingerprint of what was asked."""

    @cached_property
    def hash(self) -> str:
        """The same for the same request with the same outcome, on every machine: what a form carries."""
        return fingerprint(self)


@attrs.frozen
class PreviewStale(TokolibError):
    """The command would do something else by now than what was shown. Nothing was changed."""

    code: ClassVar[str] = "kernel.preview_stale"
    status: ClassVar[int] = 409
    subject: str
    differences: tuple[str, ...]
    """Each figure that was shown and is different now; all figures as they are now, where only a hash was given; and
    that it is a preview of something else, where it is.
    """

    def __str__(self) -> str:
        more = len(self.differences) - MOST_NAMED
        told = "; ".join((*self.differences[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])))
        return f"{self.subject} is not as it was shown: {told}"

    @property
    def hint(self) -> str:
        return "make a new preview, look at it, and send the command with that one"


def confirm(agreed: Preview | str | None, now: Preview) -> None:
    """Pass where *now*, what a command does, is what somebody *agreed* to by its preview or hash; or nobody was asked.

    Raises:
        PreviewStale: it is something else.
    """
    if agreed is None or now.hash == (agreed if isinstance(agreed, str) else agreed.hash):
        return
    if isinstance(agreed, Preview) and _asked(agreed) != _asked(now):
        other = "its subject" if agreed.subject != now.subject else "what is asked"
        raise PreviewStale(now.subject, (f"{other} is another one than {agreed.command} of {agreed.subject} showed",))
    becomes = _shown(now)
    if isinstance(agreed, str):
        raise PreviewStale(now.subject, tuple(f"{name} is {figure}" for name, figure in becomes.items()))
    was = _shown(agreed)
    raise PreviewStale(
        now.subject,
        tuple(
            f"{name}: {was.get(name, 'nothing')} → {becomes.get(name, 'nothing')}"
            for name in (*was, *(name for name in becomes if name not in was))
            if was.get(name) != becomes.get(name)
        ),
    )


def _asked(preview: Preview) -> tuple[str, str, str]:
    return preview.subject, preview.command, preview.request


def _shown(preview: Preview) -> dict[str, str]:
    """What would come of it, apart from what was asked."""
    asked = {field.name for field in attrs.fields(Preview)}
    return {name: figure for name, figure in figures(preview) if name not in asked}


def figures(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each single figure of a frozen *value* with its path, such as `stock[KOPI-250 at main].on_hand`.

    A part of a tuple goes by its property `label` where it has one, and by its place otherwise.
    """
    if isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from figures(part, f"{name}[{getattr(part, 'label', place)}]")
    elif _is_plain(type(value)):
        for field in attrs.fields(type(value)):
            yield from figures(getattr(value, field.name), f"{name}.{field.name}" if name else field.name)
    else:
        yield name, str(value.value if isinstance(value, Enum) else value)


def _is_plain(kind: type[Any]) -> bool:
    """Whether values of *kind* are told field by field: they have no word for themselves."""
    told: Any = kind.__str__
    return attrs.has(kind) and told is object.__str__
