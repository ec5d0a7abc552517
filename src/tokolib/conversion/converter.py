"""The converter: cattrs', taught our kinds, with our errors."""

from collections.abc import Set
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.errors import StructureHandlerNotFoundError

from tokolib.conversion.choices import teach_choices
from tokolib.conversion.faults import faults_of
from tokolib.conversion.scalars import teach_scalars
from tokolib.conversion.shapes import teach_shapes
from tokolib.kernel.errors import InvalidInput

T = TypeVar("T")


def json_converter() -> Converter:
    """A new converter of every public value: make it once, and add hooks for your own classes if you like.

    `unstructure(order)` is plain data for `json.dumps`; an error becomes its `problem()`, which is not read back.
    `structure(data, Order)` is the value again, equal to the one that was sent. Texts, whole numbers and truth values
    are taken as what they are, never turned into one another. It raises `InvalidInput`, with every fault and its
    path, for data that is no such value; what stood in a personal field is not repeated in it.
    """
    converter = JsonConverter(forbid_extra_keys=True, unstruct_collection_overrides={tuple: list, Set: sorted})
    for teach in (teach_scalars, teach_shapes, teach_choices):
        teach(converter)
    return converter


class JsonConverter(Converter):
    """cattrs' own, whose faults are ours."""

    def structure(self, obj: Any, cl: type[T]) -> T:
        """The value of a class that plain data stands for.

        Raises:
            InvalidInput: it stands for none.
            StructureHandlerNotFoundError: nobody told this converter how to make such a class.
        """
        try:
            return super().structure(obj, cl)
        except StructureHandlerNotFoundError:
            raise
        except Exception as error:
            raise InvalidInput(tuple(faults_of(error, "", personal=False))) from error
