"""Reasons: every figure says where it came from, as data first and in words by locale."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Final

import attrs

from tokolib.kernel.clock import aware, zone
from tokolib.kernel.money import Money
from tokolib.kernel.unit_price import UnitPrice

ReasonValue = str | int | Money | UnitPrice | Decimal | date


@attrs.frozen
class Reason:
    """Why a figure is what it is: a code, the values in its sentence, its amount, and finer reasons below it."""

    code: str
    """`room.what_decided`, such as `pricing.list_price`; the wording is looked up by it."""
    values: tuple[tuple[str, ReasonValue], ...] = ()
    """Where one is called `time_zone`, it names the IANA zone in which the instants beside it are shown."""
    amount: Money | None = None
    children: tuple["Reason", ...] = ()

    def __getitem__(self, name: str) -> ReasonValue:
        for key, value in self.values:
            if key == name:
                return value
        raise KeyError(name)

    def walk(self) -> "Iterator[Reason]":
        """This reason and all below it, top down."""
        yield self
        for child in self.children:
            yield from child.walk()


def reason(code: str, amount: Money | None = None, *children: Reason, **values: ReasonValue) -> Reason:
    """A `Reason`, with its values by keyword."""
    return Reason(code, tuple(values.items()), amount, children)


Wording = Mapping[str, str]
"""Sentences by reason code, with `{name}` where a value goes."""

_INDENT: Final = "  "
_PLACE: Final = re.compile(r"\{(\w+)\}")


def render(root: Reason, wording: Wording, show: Callable[[ReasonValue], str], *, width: int = 72) -> str:
    """*root* and everything below it as indented lines, amounts flush right, in the words of *wording*.

    Lines are *width* characters wide, or as wide as the longest one with an amount needs.

    A code without a sentence is shown as it is, with its values: nothing is hidden for want of words.
    """
    rows = [
        (_INDENT * depth + sentence(node, wording, show), show(node.amount) if node.amount is not None else "")
        for depth, node in _outline(root, 0)
    ]
    width = max([width, *(len(text) + 2 + len(amount) for text, amount in rows if amount)])
    return "\n".join(f"{text:<{width - len(amount)}}{amount}".rstrip() for text, amount in rows)


def _outline(node: Reason, depth: int) -> Iterator[tuple[int, Reason]]:
    yield depth, node
    for child in node.children:
        yield from _outline(child, depth + 1)


def render_html(root: Reason, wording: Wording, show: Callable[[ReasonValue], str]) -> str:
    """*root* and everything below it as HTML for a notebook or a page: what has reasons below it can be folded.

    Everything is escaped: a product's name stays a name.
    """
    text = escape(sentence(root, wording, show))
    if root.amount is not None:
        text += f' <b style="float:right;padding-left:2em">{escape(show(root.amount))}</b>'
    if not root.children:
        return f"<div>{text}</div>"
    below = "".join(render_html(child, wording, show) for child in root.children)
    return f'<details open><summary>{text}</summary><div style="margin-left:1.5em">{below}</div></details>'


def sentence(node: Reason, wording: Wording, show: Callable[[ReasonValue], str]) -> str:
    """One reason in words, without its amount."""
    shown = {name: show(_local(node, value)) for name, value in node.values}
    template = wording.get(node.code)
    if template is None:
        return " ".join([node.code, *(f"{name}={value}" for name, value in shown.items())])
    # In one pass: a product called "{amount}" stays what it is.
    return _PLACE.sub(lambda place: shown.get(place[1], place[0]), template)


def _local(node: Reason, value: ReasonValue) -> ReasonValue:
    """An instant as the clocks of its reason's zone show it: a stored instant knows no zone but UTC."""
    if not isinstance(value, datetime):
        return value
    named = dict(node.values).get("time_zone")
    return aware(value, "instant").astimezone(zone(named)) if isinstance(named, str) else value
