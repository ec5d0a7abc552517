"""The sentences of hours of the week, in Indonesian and English: one for each choice of days.

Values of a reason know no language, so the days stand in the code: `conditions.weekly.12345` is "Monday to Friday".
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

_JOINTS: Final[Mapping[str, tuple[str, str, str]]] = {
    # all seven; a run of three or more; the last two
    "id": ("setiap hari", "{0} sampai {1}", " dan "),
    "en": ("every day", "{0} to {1}", " and "),
}

_HOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "weekly": "{days} pukul {since}.{since_minute}–{until}.{until_minute} {clock}",
        "weekly_overnight": "{days} pukul {since}.{since_minute} sampai {until}.{until_minute} hari berikutnya {clock}",
    },
    "en": {
        "weekly": "{days} {since}:{since_minute}–{until}:{until_minute} ({time_zone})",
        "weekly_overnight": "{days} {since}:{since_minute} to {until}:{until_minute} the next day ({time_zone})",
    },
}

_NOW: Final[Mapping[str, str]] = {"id": "sekarang {day}, {actual}", "en": "now {day}, {actual}"}


def week_sentences(locale: str) -> Iterator[tuple[str, str]]:
    """Every code of hours of the week with its sentence, and those that say which day it is now."""
    for number, name in zip(_WEEK, _NAMES[locale], strict=True):
        yield f"conditions.now.{number}", _NOW[locale].replace("{day}", name)
    for code, days in _CHOICES.items():
        named = _days(days, _NAMES[locale], _JOINTS[locale])
        for kind, hours in _HOURS[locale].items():
            text = hours.replace("{days}", named)
            yield f"conditions.{kind}.{code}", text
            yield f"conditions.rule.{kind}.{code}", text


_WEEK: Final = "1234567"
_CHOICES: Final = {"".join(days): days for count in range(1, 8) for days in combinations(_WEEK, count)}


def _days(days: tuple[str, ...], names: tuple[str, ...], joints: tuple[str, str, str]) -> str:
    """`Monday to Friday`, `Monday, Wednesday and Friday`, `every day`: what is named one by one stands in order."""
    every, run, last = joints
    if len(days) == len(names):
        return every
    said = dict[int, str]()
    for first, count in _runs("".join([day if day in days else " " for day in _WEEK])):
        if count > 2:
            said[first] = run.format(names[first], names[(first + count - 1) % 7])
        else:
            said |= {day % 7: names[day % 7] for day in range(first, first + count)}
    texts = [text for _, text in sorted(said.items())]
    return f"{', '.join(texts[:-1])}{last}{texts[-1]}" if len(texts) > 1 else texts[0]


def _runs(week: str) -> Iterator[tuple[int, int]]:
    """Days that follow each other: the first, Monday being 0, and how many; Friday to Monday is one run."""
    gap = week.index(" ")
    for run in (week[gap:] + week[:gap]).split():
        yield int(run[0]) - 1, len(run)
