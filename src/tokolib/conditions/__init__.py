"""The predicate language: conditions over flat, named facts, as values that can be stored, asked and explained.

```python
from tokolib.conditions import at_least, holds, in_words, one_of

rule = at_least("subtotal", 100_000) & one_of("province", "Bali", "DI Yogyakarta")
assert not holds(rule, {"subtotal": 250_000})                # the province isn't known yet
assert in_words(rule, "en") == "subtotal at least 100,000 and destination province one of Bali, DI Yogyakarta"
```
"""

from tokolib.conditions.amounts import names_amounts
from tokolib.conditions.anchors import Anchor, Needs, Reaches, anchors
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
    weekly,
)
from tokolib.conditions.checks import check, checked
from tokolib.conditions.compiled import Question, compiled
from tokolib.conditions.contradictions import can_hold, contradictions
from tokolib.conditions.ends import ends
from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.evaluate import holds, unknown, verdict
from tokolib.conditions.facts import FACTS, Fact, Facts, FactType, FactValue, Form, regions
from tokolib.conditions.lasting import lasts, moments
from tokolib.conditions.model import (
    All,
    Always,
    AnyOf,
    Between,
    Compare,
    Not,
    OneOf,
    Overlaps,
    Predicate,
    Weekly,
    Window,
    facts_asked,
    leaves,
)
from tokolib.conditions.operators import Operator, Weekday
from tokolib.conditions.reasons import rule, why_not
from tokolib.conditions.refusals import Value
from tokolib.conditions.wire import from_plain, to_plain
from tokolib.conditions.words import WORDING, in_words

__all__ = [
    "FACTS",
    "WORDING",
    "All",
    "Always",
    "Anchor",
    "AnyOf",
    "Between",
    "Compare",
    "Fact",
    "FactType",
    "FactValue",
    "Facts",
    "Form",
    "InvalidPredicate",
    "Needs",
    "Not",
    "OneOf",
    "Operator",
    "Overlaps",
    "Predicate",
    "Question",
    "Reaches",
    "Value",
    "Weekday",
    "Weekly",
    "Window",
    "all_of",
    "anchors",
    "any_of",
    "at_least",
    "at_most",
    "between",
    "can_hold",
    "check",
    "checked",
    "compiled",
    "contradictions",
    "during",
    "ends",
    "equal",
    "facts_asked",
    "from_plain",
    "holds",
    "in_words",
    "lasts",
    "leaves",
    "less_than",
    "moments",
    "more_than",
    "names_amounts",
    "never",
    "not_equal",
    "one_of",
    "overlaps",
    "regions",
    "rule",
    "to_plain",
    "unknown",
    "verdict",
    "weekly",
    "why_not",
]
