"""`python -m tokolib demo`: a small Indonesian shop, from its first day to the proof of its books."""

from tokolib.cli.demo.command import demo

__all__ = ["demo"]
