"""`python -m tokolib promotions lint URL` and `… what-if URL`: promotions looked over, and tried on past orders."""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.cli.reading import storage_to_read
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.hosting import Blocking, drive
from tokolib.kernel.money import Money, currency
from tokolib.kernel.storage import Storage
from tokolib.kernel.work import Work
from tokolib.pricing.lint.findings import Severity
from tokolib.records.registry import repositories
from tokolib.shop.doors import closed
from tokolib.shop.promotions import PromotionDoor

Place = Annotated[str, Parameter(help="An SQLite file, or a URL such as sqlite:///kedai.db or postgresql://….")]
Tenant = Annotated[str, Parameter(help="The shop in the storage, where it holds several.")]


def lint(
    place: Place,
    /,
    *,
    tenant: Tenant = "default",
    locale: Annotated[str, Parameter(help="The language of the findings: id or en.")] = "en",
) -> int:
    """Say what is wrong with the promotions of the shop at PLACE; nothing is changed.

    What is certain is marked `!`, what is likely `?`. The exit status is 1 when an error was found.
    """
    storage = storage_to_read(place)
    try:
        found = _door(storage, tenant).lint()
    finally:
        drive(closed(storage), "lint")
    for each in found:
        print(f"{'!' if each.certain else '?'} {each.severity.value:<8}{each.explain(locale)} [{each.code}]")
    print(f"lint: {len(found)} finding{'' if len(found) == 1 else 's'}")
    return int(any(each.severity is Severity.ERROR for each in found))


def what_if(
    place: Place,
    /,
    *,
    without: Annotated[
        list[str], Parameter(help="The id or code of a promotion that would not have been.", negative=())
    ],
    since: Annotated[datetime | None, Parameter(help="Orders from this moment on, in UTC unless told.")] = None,
    until: Annotated[datetime | None, Parameter(help="Orders before this moment.")] = None,
    processes: Annotated[int, Parameter(help="So many share the work.")] = 1,
    tenant: Tenant = "default",
) -> int:
    """Say what past orders of the shop at PLACE would have come to without some promotions; nothing is changed."""
    storage = storage_to_read(place)
    try:
        report = _door(storage, tenant).what_if(
            without=without, since=_zoned(since), until=_zoned(until), processes=processes
        )
    finally:
        drive(closed(storage), "what_if")
    for row in report.days:
        money = currency(row.currency)
        was, would = Money(row.was.total, money), Money(row.would.total, money)
        print(f"{row.day}  {row.orders:>6,} orders  {row.changed:>6,} changed  {was} → {would}")
    for code, both in report.by_currency.items():
        more = both.difference
        told = ", ".join(
            f"{name} {Money(value, currency(code))}"
            for name, value in (("total", more.total), ("discount", more.discount), ("tax", more.tax))
        )
        print(f"{report.changed:,} of {report.orders:,} orders would have changed: {told}")
    for gift in report.by_gift.values():
        print(f"gifts of {gift.key}: {gift.was:,} → {gift.would:,}")
    return 0


def _door(storage: Storage, tenant: str) -> PromotionDoor[Blocking]:
    work = Work(storage, repositories(), SystemClock(), SystemIds(), AllowAll(), Ctx(tenant))
    return PromotionDoor(work, True)


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
