"""A point in a request: any coordinate system, WGS84 from then on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.edge.strict import In
from app.places.coordinates import Crs, to_wgs84


class PointIn(In):
    """Longitude and latitude in degrees, in the coordinate system named."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    crs: Crs = Crs.WGS84

    def wgs84(self) -> tuple[float, float]:
        """(lon, lat) in WGS84."""
        return to_wgs84(self.lon, self.lat, self.crs)
