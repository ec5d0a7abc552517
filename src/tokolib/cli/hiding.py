"""Passwords of a URL stay out of what is printed, whoever repeats them: an error, a driver, a server."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote, unquote_plus

SECRET: Final = re.compile(r"\w*(?:password|passwd|secret|token|_key)", re.IGNORECASE)
"""Parameters of a URL that nobody else may read."""
HIDDEN: Final = "…"
SHORT: Final = 4
"""A secret of fewer characters is hidden only where a URL or a keyword says it: it may be a part of any word."""


def hiding(*urls: str) -> Callable[[str], str]:
    """A function that takes the secrets of *urls* out of a text."""
    replaced: dict[str, str] = {}
    for before, secret, after in (found for url in urls for found in _secrets(url)):
        for written in (secret, unquote(secret), unquote_plus(secret)):
            replaced[f"{before}{written}{after}"] = f"{before}{HIDDEN}{after}"
            if len(written) >= SHORT:
                replaced.setdefault(written, HIDDEN)

    def hide(text: str) -> str:
        for written in sorted(replaced, key=len, reverse=True):
            text = text.replace(written, replaced[written])
        return text

    return hide


def _secrets(url: str) -> Iterator[tuple[str, str, str]]:
    """Each secret as it is written, with what stands before and behind it; a slash may be missing in the URL."""
    _, _, rest = url.partition(":")
    rest = rest.lstrip("/")
    place, _, query = rest.partition("?")
    for text in dict.fromkeys((place, rest)):  # a password may hold a question mark that nobody has escaped
        user, at, _ = text.rpartition("@")
        _, colon, password = user.partition(":")
        if at and colon and password:
            yield ":", password, "@"
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if SECRET.fullmatch(unquote(name)) and value:
            yield f"{name}=", value, ""
