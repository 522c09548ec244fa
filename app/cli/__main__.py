"""`python -m app.cli`, which `.venv/bin/eastwest` starts."""

from app.cli import app

app(prog_name="eastwest")
