"""What tokolib costs, beside bare SQL and other shops, in one run: `python -m benchmarks`; README.md tells how."""
