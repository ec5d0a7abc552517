"""The conformance kit of the storage port: subclass `StorageKit`, give two fixtures, run pytest.

    class TestAcmeStorage(StorageKit):
        @pytest.fixture
        def make_storage(self):
            return AcmeStorage.fresh

        @pytest.fixture
        def reopen(self):
            return lambda storage: AcmeStorage(storage.address, COLLECTIONS)

Each check's docstring is one promise of `tokolib.kernel.storage`. What the storage's `capabilities` lack is not asked
for; the kit checks that it is refused. An async adapter overrides `drive` as well, with something that runs a
coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

from tokolib.testing.storage_checks.counting import CounterChecks, KeyChecks
from tokolib.testing.storage_checks.documents import DocumentChecks
from tokolib.testing.storage_checks.driven import Drive, Driven
from tokolib.testing.storage_checks.finding import FindChecks, HistoryChecks
from tokolib.testing.storage_checks.holding import StockChecks
from tokolib.testing.storage_checks.keeping import DurabilityChecks, LeakChecks, SchemaChecks
from tokolib.testing.storage_checks.model import ModelChecks
from tokolib.testing.storage_checks.rivalling import RivalChecks
from tokolib.testing.storage_checks.sending_again import DeadLetterChecks, ReplayChecks
from tokolib.testing.storage_checks.sending_out import OutboxChecks
from tokolib.testing.storage_checks.setting import COLLECTIONS, MakeStorage, Reopen
from tokolib.testing.storage_checks.transactions import TransactionChecks, VersionChecks

__all__ = ["COLLECTIONS", "Drive", "Driven", "MakeStorage", "Reopen", "StorageKit"]


class StorageKit(
    DocumentChecks,
    FindChecks,
    HistoryChecks,
    TransactionChecks,
    VersionChecks,
    CounterChecks,
    StockChecks,
    RivalChecks,
    ModelChecks,
    KeyChecks,
    OutboxChecks,
    DeadLetterChecks,
    ReplayChecks,
    SchemaChecks,
    DurabilityChecks,
    LeakChecks,
):
    """Every promise of the storage port."""
