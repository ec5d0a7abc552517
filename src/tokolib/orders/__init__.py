"""Orders: placed in three steps, kept as a frozen snapshot with ledgers, explained to the last rupiah."""
