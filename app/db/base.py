"""What every table shares: ids, times, texts and points."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from geoalchemy2 import Geography
from sqlalchemy import ARRAY, TIMESTAMP, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

#: A random id; the API shows it behind a letter for its kind (w_, v_, s_ …).
Id = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
#: When the row was made, by the database's clock: client clocks are claims.
CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]
#: WGS84 longitude and latitude on the sphere; distances in metres.
POINT = Geography("POINT", srid=4326, spatial_index=False)
Json = Annotated[dict[str, object], mapped_column(JSONB)]
Texts = Annotated[list[str], mapped_column(ARRAY(Text), server_default="{}")]


class Base(DeclarativeBase):
    """The tables of the product."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: TIMESTAMP(timezone=True)}


#: The country keeps one clock: a day begins at Beijing's midnight, in SQL (the connection's timezone) as here.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def today() -> date:
    """The day in Beijing."""
    return datetime.now(BEIJING).date()
