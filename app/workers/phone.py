"""Where rooms above look for a worker's phone: what a mobile number is stands in the room that sends to them."""

from app.messages.phone import as_mobile, mobiles_in

__all__ = ["as_mobile", "mobiles_in"]
