"""Harnesses that hurt a shop and look at what is left: races, kills, power cuts, and the drill of a restore.

Each takes a `Site` (where the shop is kept), does a stated amount of harm, and answers its counts. None of them
decides by a clock: a slow machine takes longer and finds the same. `tests/safety` runs the short forms, and the long
ones under `make soak`.
"""
