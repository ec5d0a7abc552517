"""What sees the whole shop: the one door for observations, the tick of all that waits, the proof of the books."""
