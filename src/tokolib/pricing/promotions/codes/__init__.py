"""Coupon codes: as people type them, and made in bulk."""
