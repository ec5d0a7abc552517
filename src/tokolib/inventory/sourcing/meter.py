"""What a search is allowed to cost, counted and never timed: the same question gets the same answer everywhere."""


class Meter:
    """Steps of work, and how many of them are allowed."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.spent = 0

    @property
    def goes_on(self) -> bool:
        """Whether anything is left."""
        return self.spent < self.allowed

    def spend(self, steps: int) -> None:
        """Count *steps*; the last of them may go beyond what is allowed."""
        self.spent += steps
