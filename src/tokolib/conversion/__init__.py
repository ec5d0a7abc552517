"""Values as JSON-ready data and back: for queues, caches, templates and web frameworks.

The forms are those of the stored records: money is `[minor units, "IDR"]` and never a float, decimals and fractions
are text, instants are ISO 8601 in UTC, and a field whose default is *nothing* (None, zero, empty, false) is left out
when it holds that. In a field of several kinds JSON's own types stand as they are, and every other is tagged by its
name: `{"decimal": "1.50"}`, `{"quantity": {"steps": 350, "unit": ["kg", "0.001"]}}`.
"""

from tokolib.conversion.converter import json_converter

__all__ = ["json_converter"]
