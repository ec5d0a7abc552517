"""The line in front of a group: one thread has the turn, the others come in the order of their arrival."""

import threading
from collections import deque


class Place:
    """A thread's place in the line; closed until it is called up."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()

    def call_up(self) -> None:
        """Tell the thread that it has the turn."""
        self._gate.release()

    def wait(self, seconds: float) -> bool:
        """Whether it was called up in time."""
        return self._gate.acquire(timeout=seconds)


class Line:
    """Who has the turn, and who comes next."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._places: deque[Place] = deque()
        self._taken = False

    def stand(self) -> Place | None:
        """None when the turn is yours at once; else the place to wait at."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return None
            place = Place()
            self._places.append(place)
            return place

    def withdraw(self, place: Place) -> bool:
        """Give a place up. False when it was called up meanwhile, so that the turn is yours all the same."""
        with self._mutex:
            try:
                self._places.remove(place)
            except ValueError:
                return False
            return True

    def hand_on(self) -> bool:
        """Give the turn to who has waited longest; False when nobody waits, and it stays yours."""
        with self._mutex:
            if self._places:
                self._places.popleft().call_up()
                return True
            return False

    def leave(self) -> None:
        """Give the turn to who has waited longest, or to the next that comes."""
        with self._mutex:
            if self._places:
                self._places.popleft().call_up()
            else:
                self._taken = False
