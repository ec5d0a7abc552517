"""The whole port over an ordered map of bytes: an adapter gives the map and its transactions, and nothing else."""
