"""The host's `on_commit`: called when a command is committed already, so nothing that it does can be the command's."""

from collections.abc import Callable
from inspect import iscoroutine
from logging import getLogger

import attrs


@attrs.frozen(eq=False)
class Hint:
    """Calls what the host gave. Its errors go to the log `tokolib`, with their traceback, and to nobody else."""

    call: Callable[[], object]

    def __call__(self) -> None:
        try:
            answer = self.call()
        except Exception:
            getLogger("tokolib").exception("on_commit failed; what was committed stands")
            return
        if iscoroutine(answer):
            answer.close()
            getLogger("tokolib").error("on_commit made a coroutine, which nobody awaits; what was committed stands")
