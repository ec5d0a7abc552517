"""Deposits and instalments: the plans that a shop offers, what an order agreed on, and what is due of it when."""
