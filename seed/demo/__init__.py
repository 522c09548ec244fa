"""The demo market: invented people and jobs between real key counties and the cities they are really paired with."""
