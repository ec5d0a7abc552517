"""Where the work of a step goes: the steps of the interpreter, counted by the room whose code they belong to.

They are the same on every machine with the same version of Python, however busy it is; what C code does for them
(SQLite, JSON, checksums) isn't among them.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Final

GENERATED: Final = re.compile(r"<attrs generated \w+ tokolib\.")
VALUES, FORMS, OTHERS = "making values", "wire forms", "other packages"


def opcodes(step: Callable[[int], object], times: int) -> dict[str, float]:
    """The opcodes of `step(0)`, `step(1)`, … by room, the largest first: the mean of so many *times*."""
    found: Counter[CodeType] = Counter()

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "opcode":
            found[frame.f_code] += 1
        return local

    def called(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return local

    before = sys.gettrace()
    sys.settrace(called)
    try:
        for number in range(times):
            step(number)
    finally:
        sys.settrace(before)
    rooms: Counter[str] = Counter()
    for code, count in found.items():
        rooms[_room(code.co_filename)] += count
    return {room: count / times for room, count in rooms.most_common()}


def _room(file: str) -> str:
    """The room that a file stands in: `pricing`, `adapters/sql`."""
    if GENERATED.match(file):
        return VALUES
    if file == "<string>":
        return FORMS
    _, inside, path = file.replace("\\", "/").rpartition("/tokolib/")
    if not inside:
        return OTHERS
    first, *rest = path.split("/")
    return f"{first}/{rest[0].removesuffix('.py')}" if first == "adapters" and rest else first.removesuffix(".py")
