"""A bug that can be planted in the library, and is taken out again."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pkgutil import resolve_name
from typing import Any

import attrs

import tokolib.desk.verify.check  # noqa: F401  # loaded while a bug is planted, it would share the bug, and keep it

Faulty = Callable[[Any], Any]
"""Makes the faulty thing of the sound one."""


@attrs.frozen
class Seed:
    """One thing of the library that is replaced."""

    owner: str
    """The module or class whose name is looked up when it is used: `tokolib.payments.totals:Totals`."""
    name: str
    faulty: Faulty

    def stands(self) -> object:
        """What stands at that place now."""
        owner = resolve_name(self.owner)
        return vars(owner).get(self.name, getattr(owner, self.name))

    @contextmanager
    def planted(self) -> Iterator[None]:
        """While the block runs, the faulty thing stands in the place of the sound one."""
        owner = resolve_name(self.owner)
        own = self.name in vars(owner)
        sound = self.stands()
        setattr(owner, self.name, self.faulty(sound))
        try:
            yield
        finally:
            if own:
                setattr(owner, self.name, sound)
            else:  # a class that has it from its parent
                delattr(owner, self.name)


@attrs.frozen
class Bug:
    """A mistake, and where it is planted."""

    name: str
    """As in the model of Spin, where that has the same one."""
    seeds: tuple[Seed, ...]
    """The mistake itself, and behind it the guards that would hide it, taken away."""
    about: str

    @property
    def tells(self) -> str:
        """What is wrong, in one line."""
        return self.about.partition("\n")[0].rstrip(".")

    @contextmanager
    def planted(self) -> Iterator[None]:
        """While the block runs, the library has the bug."""
        with ExitStack() as stack:
            for seed in self.seeds:
                stack.enter_context(seed.planted())
            yield


def seeded(owner: str, name: str, *without: Seed) -> Callable[[Faulty], Bug]:
    """Make a `Bug` of the function that makes the faulty thing; it is named and told as that is.

    *without* are guards that are off while it is planted: a bug that another guard hides proves nothing.
    """

    def made(faulty: Faulty) -> Bug:
        return Bug(faulty.__name__.upper(), (Seed(owner, name, faulty), *without), inspect.getdoc(faulty) or "")

    return made
