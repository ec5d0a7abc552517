"""Other shops doing the same job through their own service layers. `make bench-peers` installs them."""
