"""All that waits for a person, as one queue, and what a person says to it."""
