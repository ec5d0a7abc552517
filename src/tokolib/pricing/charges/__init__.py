"""Charge rules: what a shop asks beside the goods and their delivery, when, and how much."""
