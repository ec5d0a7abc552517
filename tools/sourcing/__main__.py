"""`PYTHONPATH=tools python -m sourcing [--write]`: what the cheapest plans of the seeded large orders cost.

The oracle's answers stand in tests/tools/sourcing_optima.json, so that a test needn't ask it 200 times.
Without `--write` it names the seeds whose stored optimum differs.
"""

import json
import sys
from pathlib import Path
from typing import Final

from sourcing.oracle import optimum
from sourcing.orders import order

FILE: Final = Path(__file__).parents[2] / "tests" / "tools" / "sourcing_optima.json"
SEEDS: Final = range(200)


def main() -> int:
    """Compare, or write."""
    found = {str(seed): optimum(order(seed)) for seed in SEEDS}
    if "--write" in sys.argv[1:]:
        FILE.write_text(json.dumps(found, indent=0) + "\n", "utf-8")
        return 0
    stored = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    differing = [seed for seed in found if found[seed] != stored.get(seed)]
    print("\n".join(differing))
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
