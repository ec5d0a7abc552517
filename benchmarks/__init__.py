"""What tokolib costs, beside bare SQL and beside other shops, in one run: `python -m benchmarks`. README.md tells how."""
