"""The public surface, compared with the committed list. Renew it: `python tools/public_api.py --write`."""

import public_api


def test_the_public_surface_is_the_committed_one():
    """No name comes or goes without a diff of tests/public_api.txt."""
    assert public_api.FILE.read_text("utf-8").splitlines() == public_api.surface()
