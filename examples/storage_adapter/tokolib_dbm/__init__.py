"""Shops in dbm files: `tokolib.open("dbm:///kedai")`."""

from tokolib_dbm.storage import DbmStorage

__all__ = ["DbmStorage"]
