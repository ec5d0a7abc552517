"""What sees the whole shop: observations, the tick of all that waits, events sent on, the proof of the books."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.desk.outbox import NoBroker
    from tokolib.desk.ports import Acknowledgement, Broker, BrokerCan, BrokerCapabilities, Message, Refusal
    from tokolib.desk.relay import Relayed
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.desk.restoring import Restored
    from tokolib.desk.reviews.errors import DecidedOtherwise, NotAcceptable, NotDismissible
    from tokolib.desk.reviews.model import ReviewItem, ReviewKind, Waiting, WayOut
    from tokolib.desk.settings import CountryNeeded, SettingsLost
    from tokolib.desk.ticking.tick import Ticked

__all__ = [
    "Acknowledgement",
    "Broker",
    "BrokerCan",
    "BrokerCapabilities",
    "CountryNeeded",
    "DecidedOtherwise",
    "Message",
    "NoBroker",
    "NotAcceptable",
    "NotDismissible",
    "Refusal",
    "RelayPolicy",
    "Relayed",
    "Restored",
    "ReviewItem",
    "ReviewKind",
    "SettingsLost",
    "Ticked",
    "Waiting",
    "WayOut",
]

__getattr__ = exports(
    __name__,
    {
        "Acknowledgement": "ports",
        "Broker": "ports",
        "BrokerCan": "ports",
        "BrokerCapabilities": "ports",
        "CountryNeeded": "settings",
        "SettingsLost": "settings",
        "DecidedOtherwise": "reviews.errors",
        "Message": "ports",
        "NoBroker": "outbox",
        "NotAcceptable": "reviews.errors",
        "NotDismissible": "reviews.errors",
        "Refusal": "ports",
        "RelayPolicy": "relay_policy",
        "Relayed": "relay",
        "Restored": "restoring",
        "ReviewItem": "reviews.model",
        "ReviewKind": "reviews.model",
        "Ticked": "ticking.tick",
        "Waiting": "reviews.model",
        "WayOut": "reviews.model",
    },
)
