"""Hosts that tokolib lives in: their transactions, which a shop joins, and their migrations.

A module that needs its host's package is loaded only where that host is met.
"""
