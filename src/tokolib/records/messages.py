"""A stored event as the message that leaves the shop: a CloudEvents 1.0 event in JSON.

What a receiver reads is settled here, apart from what we store: the envelope of a history's row (`records.record`) may
change, this form may only grow. The attributes are those of the CloudEvents specification, version 1.0.2: `source` and
`id` together are unique, and the same whenever the event is sent; `seq`, `schema`, `by` and `request` are extensions.
"""

import json
from typing import Final
from urllib.parse import quote

from tokolib.desk.ports import Message
from tokolib.kernel.rows import StoredEvent
from tokolib.records.codec import load
from tokolib.records.record import RecordDamaged, sound_event
from tokolib.records.text import encoded, from_json

SPECIFICATION: Final = "1.0"


def message_of(partition: str, stored: StoredEvent) -> Message:
    """The message that tells of a stored event.

    Raises:
        RecordDamaged: the row isn't what was written.
    """
    if not sound_event(stored):
        raise RecordDamaged("event", stored.id, "its checksum does not fit its data")
    kept = from_json(stored.payload)
    schema, request = load(kept["schema"], int), load(kept["request"], str)
    said = {
        "specversion": SPECIFICATION,
        "id": stored.id,
        "source": f"/tokolib/{quote(partition, safe='')}",
        "type": stored.topic,
        "subject": stored.stream,
        "time": stored.at.isoformat(),
        "datacontenttype": "application/json",
        "seq": stored.seq,
        "schema": schema,
        "by": load(kept["by"], str),
        "data": kept["data"],
    }
    if request:
        said["request"] = request
    return Message(
        partition=partition,
        id=stored.id,
        topic=stored.topic,
        stream=stored.stream,
        seq=stored.seq,
        schema=schema,
        at=stored.at,
        payload=encoded(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))),
    )
