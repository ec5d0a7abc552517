"""Wishes to the outside world: one protocol for charges, refunds and labels."""
