# The service without its database: the API by default, the job worker and the command line by other commands.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /build
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-uv.lock \
    && /opt/venv/bin/uv pip install --no-cache --python /opt/venv/bin/python --require-hashes --no-deps -r requirements.lock \
    && /opt/venv/bin/pip uninstall --yes uv \
    && echo /srv/eastwest > /opt/venv/lib/python3.11/site-packages/eastwest.pth \
    && printf '#!/bin/sh\nexec /opt/venv/bin/python -P -m app.cli "$@"\n' > /opt/venv/bin/eastwest \
    && chmod 755 /opt/venv/bin/eastwest

FROM python:3.11.13-slim-bookworm
# pg_dump and pg_restore, for `eastwest db backup` and `restore`
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin eastwest \
    && install --directory --owner=10001 --mode=0700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/eastwest
COPY pyproject.toml ./
COPY migrations ./migrations
COPY seed ./seed
COPY matching ./matching
COPY app ./app
RUN /opt/venv/bin/python -P -m app.console.build
RUN /opt/venv/bin/python -m compileall -q app matching seed
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/data/numba \
    DATA=/data
VOLUME /data
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-P", "-m", "uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--timeout-graceful-shutdown", "10"]
