"""`python -m tokolib replay FILE`: a real retailer's year through the public API, down to the last tenth of a penny."""

import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Final

import attrs
from cyclopts import Parameter, validators

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.cli.replay import report
from tokolib.cli.replay.accounts import Accounts
from tokolib.cli.replay.client import Client, Place
from tokolib.cli.replay.documents import documents
from tokolib.cli.replay.errors import Occupied, Unreadable
from tokolib.cli.replay.faults import SEED, Faults, share
from tokolib.cli.replay.planning import Planner
from tokolib.cli.replay.progress import Advance
from tokolib.cli.replay.reading import rows
from tokolib.cli.replay.selling import ReplayClock, Till
from tokolib.cli.replay.surveying import Survey, survey
from tokolib.desk.verify.report import Report
from tokolib.kernel.errors import NotFound
from tokolib.records.collections import COLLECTIONS
from tokolib.shop import Shop

DAYS: Final = validators.Number(gte=1, lte=36_525)
SEEDS: Final = validators.Number(gte=0)
SAMPLE: Final = Path(__file__).parent / "sample" / "online_retail_first_week.csv.xz"


@attrs.frozen
class Replayed:
    """What came of a replay."""

    survey: Survey
    accounts: Accounts
    odd: tuple[report.Odd, ...]
    """SKUs whose stock isn't what it should be."""
    proof: Report
    seconds: float
    """From the first product to the last document, without surveying and proving."""
    faults: Faults | None = None
    """What struck meanwhile, where anything was to strike."""

    @property
    def miscounted(self) -> tuple[str, ...]:
        """Where the shop keeps more or fewer than it answered for: something was done twice, or is lost."""
        kept, answered = dict(self.proof.checked), (self.accounts.orders, self.accounts.returns)
        found = ((kind, kept.get(kind, 0), times) for kind, times in zip(("orders", "returns"), answered, strict=True))
        return tuple(f"{there:,} {kind} kept, {times:,} answered" for kind, there, times in found if there != times)

    @property
    def ok(self) -> bool:
        """Whether money, rows and stock are what the file says, and the shop's books prove right."""
        whole = self.accounts.total == self.survey.total and self.accounts.rows == self.survey.rows
        return whole and not self.odd and not self.miscounted and self.proof.ok


def replay(
    file: Path,
    /,
    *,
    into: Annotated[Path | None, Parameter(help="The new SQLite file; a temporary one otherwise.")] = None,
    keep: Annotated[bool, Parameter(help="Keep the temporary file, and say where it is.")] = False,
    durable: Annotated[bool, Parameter(help="Wait for the disk at each commit. Slow, and no use in a replay.")] = False,
    limit_days: Annotated[int | None, Parameter(help="Only the first so many calendar days.", validator=DAYS)] = None,
    unmatched: Annotated[Path | None, Parameter(help="Write every unmatched line with its reason, as CSV.")] = None,
    faults: Annotated[str | None, Parameter(help="Let this share of the storage's calls fail, such as 0.01.")] = None,
    seed: Annotated[int, Parameter(help="With --faults: which calls are struck, and how.", validator=SEEDS)] = SEED,
) -> int:
    """Replay the retailer's year in FILE (CSV, or CSV in xz; `sample` is the bundled first week) through the API.

    Every SKU becomes a product and every sale an order that is priced, held, paid and shipped at its time; what was
    cancelled goes through returns as far as it can be matched to orders. It ends with the reconciliation of money and
    stock against the file, and with the proof of the books. The exit status is 1 when anything differs.

    With --faults the storage fails on the way: errors, answers that are lost, processes that die before or after a
    call. Each request is sent again under its key until it is answered, and the end must be the same.
    """
    strikes = None if faults is None else Faults(share(faults), seed)
    source = SAMPLE if str(file) == "sample" and not file.exists() else file
    if not source.is_file():
        raise NotFound("file", str(file))
    if into is not None and into.exists():
        raise Occupied(str(into))
    if unmatched is not None and not unmatched.parent.is_dir():
        raise NotFound("folder", str(unmatched.parent))
    if unmatched is not None and unmatched.exists():
        raise Occupied(str(unmatched))
    with ExitStack() as stack:
        if into is None:
            folder = tempfile.mkdtemp() if keep else stack.enter_context(tempfile.TemporaryDirectory())
            into = Path(folder) / "replay.db"
        done = run(source, kept_in(into, durable=durable), days=limit_days, faults=strikes)
        _print(done, durable=durable)
        if unmatched is not None:
            with unmatched.open("w", encoding="utf-8", newline="") as out:
                report.list_strays(done.accounts.strays, out)
        if keep:
            print(f"kept: {into}")
    return 0 if done.ok else 1


def kept_in(file: Path, *, durable: bool = False) -> Place:
    """The place of a shop in an SQLite file: each process opens it for itself."""
    return lambda: closing(SqliteStorage(file, COLLECTIONS, durable=durable))


def run(source: Path, place: Place, *, days: int | None = None, faults: Faults | None = None) -> Replayed:
    """Replay *source* into a new shop at *place*, struck by *faults*, and hold the result against it.

    Raises:
        Unreadable: the source is no such file, or holds nothing. What was replayed before that line stays stored.
        GaveUp: so much was struck that a request was never answered. What was replayed before it stays stored.
    """
    known = survey(documents(rows(source, days=days)))
    first = next(documents(rows(source, days=days)), None)
    if first is None:
        raise Unreadable(source.name, 1, "holds no lines")
    clock, planner = ReplayClock(first.at), Planner()
    with Client(place, clock, faults) as client:
        started = time.perf_counter()
        till = Till(client, clock)
        till.stock_up(known.articles)
        with Advance(known.rows, "replaying") as progress:
            for document in documents(rows(source, days=days)):
                till.act(planner.plan(document))
                progress.rows(len(document.rows))
        seconds = time.perf_counter() - started
        return client.look(lambda shop: _held(shop, known, till.accounts, seconds, faults))


def _held(shop: Shop, known: Survey, accounts: Accounts, seconds: float, faults: Faults | None) -> Replayed:
    odd = tuple(report.odd_stock(shop, accounts, known))
    return Replayed(known, accounts, odd, shop.verify(), seconds, faults)


def _print(done: Replayed, *, durable: bool) -> None:
    accounts, known = done.accounts, done.survey
    for line in report.rows(accounts):
        print(line)
    print()
    for line in report.money(accounts, known):
        print(line)
    print()
    print(report.returned(accounts))
    print(report.goods(accounts))
    for wrong in (*done.odd, *done.miscounted):
        print(wrong)
    speed = known.rows / done.seconds
    print(
        f"{known.rows:,} lines of {known.documents:,} documents in {done.seconds:,.0f} s ({speed:,.0f} lines/s): "
        f"{accounts.orders:,} orders, {accounts.returns:,} returns"
        f"{'' if durable else '; commits did not wait for the disk'}"
    )
    if done.faults is not None:
        for line in report.strikes(done.faults):
            print(line)
    if (memory := peak_memory()) is not None:
        print(f"peak memory: {memory:,} MiB")
    for violation in done.proof.violations:
        print(violation)
    print(f"difference: {report.difference(accounts, known)}")
    print(done.proof)


def peak_memory() -> int | None:
    """The most memory that this process ever had, in MiB; None where the system doesn't tell.

    Linux counts to a new process what the one that began it had; only its own table of memory leaves that out.
    """
    if sys.platform == "win32":
        return None
    if (own := Path("/proc/self/status")).exists():
        told = next(line for line in own.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(told.split()[1]) // 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)
