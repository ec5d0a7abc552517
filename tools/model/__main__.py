"""`python -m model`: the model holds for each style of gateway, and each seeded bug is found; else the status is 1."""

import sys
from collections.abc import Callable

from model.bugs import BUGS, Style
from model.pan import Searched, Unreadable, missing, search


def main(search: Callable[..., Searched] = search, missing: Callable[[], str] = missing) -> int:
    """Print a line for each search; 1 when one failed, 2 when none could be made."""
    if sentence := missing():
        print(sentence, file=sys.stderr)
        return 2
    try:
        sound = [_holds(style, search) for style in Style]
        found = [_is_found(bug.name, bug.style, search) for bug in BUGS]
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sum(sound)} of {len(sound)} styles hold, {sum(found)} of {len(found)} bugs found")
    return 0 if all(sound) and all(found) else 1


def _holds(style: Style, search: Callable[..., Searched]) -> bool:
    made = search(f"STYLE={style.value}")
    verdict = "holds" if made.is_proof else "BROKEN" if made.errors else "NOT SEARCHED TO THE END"
    print(
        f"{style.name:<27} {verdict}: {made.states:,} states, errors {made.errors}, depth {made.depth:,}, "
        f"{made.seconds:.1f} s, {made.mebibytes:,.0f} MiB",
        flush=True,
    )
    return made.is_proof


def _is_found(name: str, style: Style, search: Callable[..., Searched]) -> bool:
    made = search(f"STYLE={style.value}", f"BUG_{name}")
    verdict = "found" if made.errors else "NOT FOUND"
    print(
        f"{name.lower():<27} {verdict}: depth {made.depth:,}, {made.states:,} states, {made.seconds:.1f} s", flush=True
    )
    return made.errors > 0


if __name__ == "__main__":
    sys.exit(main())
