"""`python -m safety.protocol [--write] [BUG ...]`: hunt bugs from the first seed on, and pin what shows them.

With `PYTHONPATH=tools`. It is needed when a story, a rule of the simulator or the library itself has changed so much
that a pinned plan shows its bug no more. The status is 1 when a bug was not found.
"""

import sys

from safety.protocol.bugs import BUGS
from safety.protocol.hunts import hunt, pin, pinned


def main(arguments: list[str]) -> int:
    """Hunt the bugs named, or all, and print what was found; `--write` pins it."""
    names = [each.upper() for each in arguments if not each.startswith("-")] or list(BUGS)
    plans = pinned()
    lost = 0
    for name in names:
        found = hunt(name)
        print(found, flush=True)
        if found.plan is None:
            lost += 1
        else:
            plans[name] = found.plan
    if "--write" in arguments:
        pin(plans)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
