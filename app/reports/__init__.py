"""Questions to every room, as figures: of places and offices, never of people."""
