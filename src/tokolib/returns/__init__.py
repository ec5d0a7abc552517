"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""
