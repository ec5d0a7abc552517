"""`?group_commit=1` in a storage's URL."""

from tokolib.adapters.addresses import Parameters
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.storage import Storage


def grouped(storage: Storage, given: Parameters) -> Storage:
    """*storage*, whose units share commits where the URL says so.

    Raises:
        AdapterConfig: it is one that is awaited.
    """
    if not given.switch("group_commit", False):
        return storage
    if storage.capabilities.asynchronous:
        raise AdapterConfig(given.adapter, "group_commit is for threads: open the shop with `open`, not with `aopen`")
    from tokolib.adapters.grouping.storage import GroupCommit  # only for those who ask for it

    return GroupCommit(storage)
