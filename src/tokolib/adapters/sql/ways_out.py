"""What to do when tables aren't what they should be, whichever database says so."""

from typing import Final

NO_TABLE: Final = (
    "see what is missing: python -m tokolib schema check URL; "
    "then bring it up to date (python -m tokolib schema upgrade URL), or put back a backup if tables were dropped"
)
NO_RECORD: Final = (
    "there are tables by our names, and no record of how they were made: put back a backup; "
    "if another program made them, open with another prefix (?prefix=shop_)"
)
NO_COLUMN: Final = (
    "see what differs: python -m tokolib schema check URL; "
    "if another program made a table by our name, open with another prefix (?prefix=shop_)"
)
