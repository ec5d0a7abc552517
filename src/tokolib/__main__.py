"""`python -m tokolib`."""

import sys

from tokolib.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
