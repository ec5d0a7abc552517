"""The checks of `StorageKit`, by group."""
