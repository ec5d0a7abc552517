"""Promotions: what makes it cheaper, for whom, how often, and who bears it."""
