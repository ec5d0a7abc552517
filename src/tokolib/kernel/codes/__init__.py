"""Codes that people type and nobody can guess: of coupons and of gift cards."""
