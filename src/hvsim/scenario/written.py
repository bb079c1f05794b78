"""Values that scenario files write in a form of their own, as pydantic meets them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Written(ABC):
    """A value that knows its own written form.

    Attributes
    ----------
    JSON_SCHEMA
        That form, for editors.
    """

    __slots__ = ()
    JSON_SCHEMA: ClassVar[Mapping[str, Any]]

    @classmethod
    @abstractmethod
    def read(cls, raw: object) -> Self:
        """Value from its written form; one that is read already stays as it is.

        Raises
        ------
        pydantic.ValidationError
            With every mistake in it.
        """

    @abstractmethod
    def written(self) -> object:
        """The value as a scenario file would write it."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read,
            serialization=core_schema.plain_serializer_function_ser_schema(cls.written),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(cls.JSON_SCHEMA)
