"""Shipping: what a parcel weighs for a courier, what it costs to a place, and where it is."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.shipping.errors import (
        FeeNotOffered,
        InvalidMethod,
        InvalidParcel,
        MissingWeight,
        NoRate,
        OverMaxWeight,
        PointNeeded,
        PointRefused,
        ScanInvalid,
        TableRejected,
        UnknownMethod,
    )
    from tokolib.shipping.fees import Fee, FeeKind, FeeRule
    from tokolib.shipping.model import DeliveryMethod, MethodKind, Rate, TableLoaded, Terms
    from tokolib.shipping.places import Area, Destination
    from tokolib.shipping.points import CollectionPoint
    from tokolib.shipping.tracking import Scan, Tracking, TrackingStatus, fold
    from tokolib.shipping.weight import Confidence, WeightRule

__all__ = [
    "Area",
    "CollectionPoint",
    "Confidence",
    "DeliveryMethod",
    "Destination",
    "Fee",
    "FeeKind",
    "FeeNotOffered",
    "FeeRule",
    "InvalidMethod",
    "InvalidParcel",
    "MethodKind",
    "MissingWeight",
    "NoRate",
    "OverMaxWeight",
    "PointNeeded",
    "PointRefused",
    "Rate",
    "Scan",
    "ScanInvalid",
    "TableLoaded",
    "TableRejected",
    "Terms",
    "Tracking",
    "TrackingStatus",
    "UnknownMethod",
    "WeightRule",
    "fold",
]

__getattr__ = exports(
    __name__,
    {
        "Area": "places",
        "CollectionPoint": "points",
        "Confidence": "weight",
        "DeliveryMethod": "model",
        "Destination": "places",
        "Fee": "fees",
        "FeeKind": "fees",
        "FeeNotOffered": "errors",
        "FeeRule": "fees",
        "InvalidMethod": "errors",
        "InvalidParcel": "errors",
        "MethodKind": "model",
        "MissingWeight": "errors",
        "NoRate": "errors",
        "OverMaxWeight": "errors",
        "PointNeeded": "errors",
        "PointRefused": "errors",
        "Rate": "model",
        "Scan": "tracking",
        "ScanInvalid": "errors",
        "TableLoaded": "model",
        "TableRejected": "errors",
        "Terms": "model",
        "Tracking": "tracking",
        "TrackingStatus": "tracking",
        "UnknownMethod": "errors",
        "WeightRule": "weight",
        "fold": "tracking",
    },
)
