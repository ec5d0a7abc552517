"""Shipping: what a parcel weighs for a courier, what it costs to a place, and where it is."""
