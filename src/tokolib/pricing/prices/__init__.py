"""Price lists: what a unit costs, for whom, from how many on, and when."""
