"""What a storage is like, asked without changing it."""

from collections.abc import Iterator
from datetime import datetime

from tokolib.adapters.urls import storage_from_url
from tokolib.cli.doctor.finding import Finding, ok, refused, warning, wrong
from tokolib.cli.doctor.schema import schema
from tokolib.cli.doctor.sqlite import file
from tokolib.cli.reading import alone
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Can
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.shop.doors import closed


def storage_at(url: str, now: datetime) -> Iterator[Finding]:
    """Whether the storage at *url* can be used, and how it keeps what it is given."""
    try:
        storage = alone(storage_from_url(url, COLLECTIONS))
    except TokolibError as error:
        yield refused("storage", error)
        return
    try:
        yield from abilities(storage)
        match url.partition(":")[0].lower():
            case "sqlite":
                yield from file(storage, now)
            case "postgresql":  # its driver is loaded for those who have it
                from tokolib.cli.doctor.postgres import server

                yield from server(storage, now)
            case _:
                yield from schema(storage)
    except TokolibError as error:
        yield refused("storage", error)
    except Exception as error:  # noqa: BLE001 - another package's storage may raise anything, and the rest is told
        yield wrong("storage", f"{type(error).__name__}: {error}", "tell the authors of the adapter")
    finally:
        drive(closed(storage), "doctor")


def abilities(storage: Storage) -> Iterator[Finding]:
    """What the storage lacks, with its reasons."""
    lacks = storage.capabilities.lacks
    if (reason := lacks.get(Can.DURABLE)) is not None:
        yield warning("durable", f"no: {reason}", "keep in it only what you can make again")
    else:
        yield ok("durable", "what was acknowledged is there after a crash")
    for what, reason in lacks.items():
        if what is not Can.DURABLE:
            yield ok("lacks", f"{what}: {reason}")
