"""What every room stands on: money, quantities, spreading, time, ids, errors, events, and the storage port."""
