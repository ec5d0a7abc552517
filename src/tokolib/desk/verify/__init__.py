"""The proof of the books: every numbered promise, checked over every row."""

from tokolib.desk.verify.report import Alarm, Report, Violation

__all__ = ["Alarm", "Report", "Violation"]
