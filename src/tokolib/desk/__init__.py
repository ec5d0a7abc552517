"""What sees the whole shop: the one door for observations, the ticking of all that waits, and the proof of the books."""
