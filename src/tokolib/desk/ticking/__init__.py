"""The tick: all that waits in a shop, moved on a little."""
