"""The pages of `docs/reference/`, one file for each."""
