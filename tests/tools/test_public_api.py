"""What tools/public_api.py counts as public."""

import public_api


class Teapot:
    """A class as the list would see it."""

    def pour(self, cups, *, slowly=False):
        """Tea."""

    def undocumented(self):
        return None

    def _steep(self):
        """Private."""


Teapot.__module__ = "tokolib.kitchen"


def test_documented_attributes_are_public_with_their_parameters():
    """A method without a docstring, or with an underscore, is nobody's business."""
    assert [
        "class tokolib.kitchen.Teapot",
        "tokolib.kitchen.Teapot.pour(self, cups, *, slowly=)",
    ] == list(public_api._lines("tokolib.kitchen.Teapot", Teapot))
