"""`eastwest bench`: the benchmarks of app/bench."""

from app.bench.cli import bench_app as app

__all__ = ["app"]
