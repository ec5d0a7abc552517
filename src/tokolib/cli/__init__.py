"""The command line: `python -m tokolib`. Each command is a small room of its own."""
