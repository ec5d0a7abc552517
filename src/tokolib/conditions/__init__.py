"""The predicate language: conditions over flat, named facts, as values that can be stored, asked and explained.

```python
from tokolib.conditions import at_least, holds, in_words, one_of

rule = at_least("subtotal", 100_000) & one_of("province", "Bali", "DI Yogyakarta")
assert not holds(rule, {"subtotal": 250_000})                # the province isn't known yet
assert in_words(rule, "en") == "subtotal at least 100,000 and destination province one of Bali, DI Yogyakarta"
```
"""

from tokolib.conditions.builders import (
    all_of,
    any_of,
    at_least,
    at_most,
    between,
    during,
    equal,
    less_than,
    more_than,
    never,
    not_equal,
    one_of,
    overlaps,
)
from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.evaluate import holds, unknown, verdict
from tokolib.conditions.facts import FACTS, Fact, Facts, FactType, FactValue, check, checked
from tokolib.conditions.model import (
    All,
    Always,
    AnyOf,
    Between,
    Compare,
    Not,
    OneOf,
    Operator,
    Overlaps,
    Predicate,
    Value,
    Window,
    facts_asked,
)
from tokolib.conditions.reasons import rule, why_not
from tokolib.conditions.wire import from_plain, to_plain
from tokolib.conditions.words import WORDING, in_words

__all__ = [
    "FACTS",
    "WORDING",
    "All",
    "Always",
    "AnyOf",
    "Between",
    "Compare",
    "Fact",
    "FactType",
    "FactValue",
    "Facts",
    "InvalidPredicate",
    "Not",
    "OneOf",
    "Operator",
    "Overlaps",
    "Predicate",
    "Value",
    "Window",
    "all_of",
    "any_of",
    "at_least",
    "at_most",
    "between",
    "check",
    "checked",
    "during",
    "equal",
    "facts_asked",
    "from_plain",
    "holds",
    "in_words",
    "less_than",
    "more_than",
    "never",
    "not_equal",
    "one_of",
    "overlaps",
    "rule",
    "to_plain",
    "unknown",
    "verdict",
    "why_not",
]
