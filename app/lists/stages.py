"""Where the time of a long job goes: seconds by stage, for the log and for the benchmark."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stages:
    """Wall clock and CPU of this process, in seconds, by the stage they were spent in."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    _name: str = ""
    _since: tuple[float, float] = (0.0, 0.0)

    def enter(self, name: str) -> None:
        """From now on it is this stage; "" ends the last one. A stage entered again goes on."""
        now = time.perf_counter(), time.process_time()
        if self._name:
            self.wall[self._name] = self.wall.get(self._name, 0.0) + now[0] - self._since[0]
            self.cpu[self._name] = self.cpu.get(self._name, 0.0) + now[1] - self._since[1]
        self._name, self._since = name, now
