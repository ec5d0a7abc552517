"""Sends a batch of writes, in one trip where it can: all that touches different rows goes together.

The order is the port's: keys, documents, histories, ledgers, counters by name, stock by resource.
"""

from collections.abc import Sequence

from tokolib.adapters.sql.document_statements import CollectionStatements
from tokolib.adapters.sql.holding import Holding, holds_alone
from tokolib.adapters.sql.session import Session, Step, rows
from tokolib.adapters.sql.statements import Declared, Statements
from tokolib.adapters.sql.stock import StockSender
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.writes import Append, Batch, Count, DocWrite, KeyWrite, Op, Post
from tokolib.kernel.storage_errors import AlreadyExists, KeyTaken, Refused, StorageError, VersionConflict


async def send(batch: Batch, session: Session, declared: Declared) -> None:
    """Everything that was recorded.

    Raises:
        StorageError: a write was refused, or the database failed; the caller rolls back.
    """
    partition, text = session.partition, declared.statements
    steps: list[Step] = []
    if batch.keys:
        steps.append(_remember(batch.keys, partition, text))
    touched: set[tuple[str, str]] = set()
    for run in batch.document_runs():
        names = {(write.shape.collection.name, write.id) for write in run}
        if len(names) < len(run) or not touched.isdisjoint(names):  # one trip may touch a row once
            await session.send(steps)
            steps = []
            touched.clear()
        if len(names) < len(run):
            for write in run:
                await session.send(_documents([write], partition, declared))
        else:
            steps += _documents(run, partition, declared)
            touched |= names
    if batch.appends:
        steps += _append(batch.appends, partition, text)
    if batch.posts:
        steps.append(_post(batch.posts, partition, text))
    if batch.counts:
        await session.send(steps)
        steps = []
        for count in batch.ordered_counts():
            await _count(count, session, text)
    if batch.stock:
        wishes = holds_alone(batch)
        if wishes is None:
            await session.send(steps)
            await StockSender(session, declared).send(batch)
        else:
            holding = Holding.of(wishes, declared, partition)
            *_, reserved_at, stored_at = await session.send([*steps, *holding.steps()])
            await holding.settle(session, reserved_at, stored_at)
    else:
        await session.send(steps)


def _remember(keys: Sequence[KeyWrite], partition: str, text: Statements) -> Step:
    def taken(place: int, columns: tuple[str, ...]) -> StorageError:
        return KeyTaken(keys[place].scope, keys[place].key)

    made = [(partition, key.scope, key.key, key.fingerprint, key.result) for key in keys]
    return Step(text.remember, made, taken=taken)


def _documents(run: Sequence[DocWrite], partition: str, declared: Declared) -> list[Step]:
    """Writes of one kind to different documents of one collection."""
    text = declared.collections[run[0].shape.collection.name]

    def taken(place: int, columns: tuple[str, ...]) -> StorageError:
        write = run[place]
        return AlreadyExists(write.shape.collection.name, write.id, _index_name(write, columns))

    def missed(place: int) -> StorageError:
        return VersionConflict(run[place].shape.collection.name, run[place].id, run[place].expected)

    match run[0].op:
        case Op.INSERT:
            made = [(partition, write.id, 1, write.body, *write.columns) for write in run]
            step = Step(text.insert, made, taken=taken)
        case Op.REPLACE:
            made = [(partition, write.id, write.expected, write.body, *write.columns) for write in run]
            step = Step(text.replace, made, missed, taken)
        case Op.DELETE:
            step = Step(text.delete, [(partition, write.id, write.expected) for write in run], missed)
    return [step, *_facts(text, run, partition)] if text.facts else [step]


def _facts(text: CollectionStatements, run: Sequence[DocWrite], partition: str) -> list[Step]:
    steps = []
    for name, table in text.facts.items():
        kept = [(write.id, write.facts.get(name, ())) for write in run if write.facts is not None]
        if run[0].op is not Op.INSERT and kept:
            steps.append(Step(table.clear, [(partition, id, len(facts)) for id, facts in kept]))
        made = [(partition, id, number, *row) for id, facts in kept for number, row in enumerate(facts)]
        if made:
            steps.append(Step(table.put, made))
    return steps


def _append(appends: Sequence[Append], partition: str, text: Statements) -> list[Step]:
    events, parcels, sources = [], [], []
    last: dict[str, int] = {}
    for append in appends:
        follows = last.get(append.stream) == append.expected
        for event in append.events:
            at = to_micros(event.at, "at")
            previous = 0 if follows else event.seq - 1
            events.append((partition, event.id, event.stream, event.seq, event.topic, event.payload, at, previous))
            parcels.append((partition, event.id, event.stream, event.seq, at, None, None, 0, ""))
            sources.append(append)
            follows = True
        last[append.stream] = append.expected + len(append.events)

    def late(place: int) -> StorageError:
        return VersionConflict("history", sources[place].stream, sources[place].expected)

    def taken(place: int, columns: tuple[str, ...]) -> StorageError:
        return AlreadyExists("history", parcels[place][1], "id")

    return [
        Step(text.append, events, late, lambda place, columns: late(place)),
        Step(text.send, parcels, taken=taken),
    ]


def _post(posts: Sequence[Post], partition: str, text: Statements) -> Step:
    made = [
        (
            partition,
            post.name,
            entry.id,
            entry.batch,
            entry.account,
            entry.amount,
            entry.unit,
            entry.kind,
            entry.refers_to,
            to_micros(entry.at, "at"),
        )
        for post in posts
        for entry in post.entries
    ]

    def taken(place: int, columns: tuple[str, ...]) -> StorageError:
        return AlreadyExists(made[place][1], made[place][2], "id")

    return Step(text.post, made, taken=taken)


async def _count(write: Count, session: Session, text: Statements) -> None:
    partition = session.partition
    row = (partition, write.name, write.delta, write.lowest, write.highest)
    if write.lowest <= write.highest and await _took_effect(session, Step(text.count, [row])):
        return
    first = (partition, write.name, write.delta)
    if write.lowest <= 0 <= write.highest and await _took_effect(session, Step(text.count_first, [first])):
        return
    if write.lowest <= write.highest and await _took_effect(session, Step(text.count, [row])):
        return  # another unit was the first one meanwhile
    found = await rows(session, text.value, (partition, write.name))
    raise Refused("count", write.name, write.delta, write.available(found[0][0] if found else 0))


async def _took_effect(session: Session, step: Step) -> bool:
    return bool((await session.send([step]))[0])


def _index_name(write: DocWrite, columns: tuple[str, ...]) -> str:
    """The index that *columns*, which begin with the partition, belong to."""
    named = {index.columns: index.name for index in write.shape.collection.indexes if index.unique}
    return named.get(columns[1:], "id")
