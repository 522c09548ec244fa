"""The compiled engine, loaded when something of it is first used.

Most of the house imports this package for tables, tiers or words; the compiler behind kernels.py takes a second to load
and 77 MB, which a service should not wait for before it answers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching import kernels
else:

    class _AtFirstUse:
        """Stands for matching.kernels."""

        def __getattr__(self, name: str) -> Any:
            value = getattr(import_module("matching.kernels"), name)
            setattr(self, name, value)  # looked up once: a search takes microseconds
            return value

    kernels = _AtFirstUse()

__all__ = ["kernels"]
