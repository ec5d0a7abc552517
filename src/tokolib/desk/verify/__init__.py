"""The proof of the books: every numbered promise, checked over every row."""

from tokolib.desk.verify.report import Report, Violation

__all__ = ["Report", "Violation"]
