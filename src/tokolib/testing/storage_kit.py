"""The conformance kit of the storage port: subclass `StorageKit`, give two fixtures, run pytest.

    class TestAcmeStorage(StorageKit):
        @pytest.fixture
        def make_storage(self):
            return AcmeStorage.fresh

        @pytest.fixture
        def reopen(self):
            return lambda storage: AcmeStorage(storage.address, COLLECTIONS)

Each check's docstring is one promise of `tokolib.kernel.storage`; `pytest --tokolib-promises` prints those that were
kept. What the storage's `capabilities` lack is skipped for the reason that they give; the kit checks that it is
refused. An async adapter overrides `drive` as well, with something that runs a coroutine to its end on one event loop,
such as `asyncio.Runner().run`. A storage that can join the transaction of a host overrides `open_host`, one that can
back up `open_backup`.
"""

from tokolib.testing.storage_checks.asking import AskChecks
from tokolib.testing.storage_checks.commanding import CommandChecks
from tokolib.testing.storage_checks.copying import BackupChecks
from tokolib.testing.storage_checks.counting import CounterChecks, KeyChecks
from tokolib.testing.storage_checks.documents import DocumentChecks
from tokolib.testing.storage_checks.driven import Drive, Driven
from tokolib.testing.storage_checks.finding import FindChecks, HistoryChecks
from tokolib.testing.storage_checks.fitting import FitChecks
from tokolib.testing.storage_checks.holding import StockChecks
from tokolib.testing.storage_checks.joining import JoinChecks
from tokolib.testing.storage_checks.keeping import DurabilityChecks, LeakChecks, SchemaChecks
from tokolib.testing.storage_checks.model import ModelChecks
from tokolib.testing.storage_checks.replaying import ReplayChecks
from tokolib.testing.storage_checks.rivalling import RivalChecks
from tokolib.testing.storage_checks.seeing import SeeingChecks
from tokolib.testing.storage_checks.sending_again import DeadLetterChecks
from tokolib.testing.storage_checks.sending_out import OutboxChecks
from tokolib.testing.storage_checks.setting import (
    COLLECTIONS,
    Host,
    MakeStorage,
    OpenBackup,
    OpenHost,
    Reopen,
)
from tokolib.testing.storage_checks.transactions import TransactionChecks, VersionChecks

__all__ = [
    "COLLECTIONS",
    "Drive",
    "Driven",
    "Host",
    "MakeStorage",
    "OpenBackup",
    "OpenHost",
    "Reopen",
    "StorageKit",
]


class StorageKit(
    DocumentChecks,
    FindChecks,
    HistoryChecks,
    AskChecks,
    TransactionChecks,
    SeeingChecks,
    VersionChecks,
    FitChecks,
    CounterChecks,
    StockChecks,
    RivalChecks,
    ModelChecks,
    KeyChecks,
    CommandChecks,
    OutboxChecks,
    DeadLetterChecks,
    ReplayChecks,
    SchemaChecks,
    DurabilityChecks,
    JoinChecks,
    BackupChecks,
    LeakChecks,
):
    """Every promise of the storage port."""
