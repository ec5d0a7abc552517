"""A blocking storage whose answers are awaited: its calls go to a runner, one unit at a time."""
