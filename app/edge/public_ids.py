"""Public ids: a letter for the kind, then the row's random id. Opaque to callers, never mistaken for another kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.edge.field_messages import field_fault
from app.errors import NotFound


def show(kind: str, row: UUID) -> str:
    """The public id of a row."""
    return f"{kind}_{row.hex}"


def find(kind: str, text: str) -> UUID:
    """The row a public id names. Raises NotFound when it can name none of this kind."""
    if not re.fullmatch(rf"{kind}_[0-9a-f]{{32}}", text):
        raise NotFound
    return UUID(text[len(kind) + 1 :])


@dataclass(frozen=True, slots=True)
class PublicId:
    """Annotation of a UUID in schemas and paths: `Annotated[UUID, PublicId("w")]`. In a path, what is no id is 404."""

    kind: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from the public text or a UUID, written as the public text."""
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A string of this kind's shape."""
        return {"type": "string", "pattern": f"^{self.kind}_[0-9a-f]{{32}}$", "examples": [f"{self.kind}_{'0' * 32}"]}

    def _read(self, value: object) -> UUID:
        if isinstance(value, UUID):
            return value
        if isinstance(value, str) and re.fullmatch(rf"{self.kind}_[0-9a-f]{{32}}", value):
            return UUID(value[len(self.kind) + 1 :])
        raise field_fault("bad_id", "不是有效的编号。", "Not an id.")

    def _write(self, value: UUID) -> str:
        return show(self.kind, value)


WorkerId = Annotated[UUID, PublicId("w")]
VacancyId = Annotated[UUID, PublicId("v")]
ListId = Annotated[UUID, PublicId("l")]
SuggestionId = Annotated[UUID, PublicId("s")]
OrganisationId = Annotated[UUID, PublicId("o")]
ConsentId = Annotated[UUID, PublicId("c")]
PairingId = Annotated[UUID, PublicId("p")]
ShockId = Annotated[UUID, PublicId("sh")]
PlaceId = Annotated[UUID, PublicId("pl")]
UserId = Annotated[UUID, PublicId("u")]
InvitationId = Annotated[UUID, PublicId("i")]
KeyId = Annotated[UUID, PublicId("k")]
ApprovalId = Annotated[UUID, PublicId("a")]
