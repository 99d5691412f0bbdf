# syntax=docker/dockerfile:1
# Atrium in one image: `docker build -t atrium .`, then `docker run -p 8000:8000 -v atrium:/data atrium` for one machine
# with engines of its own, or docker-compose.yml for several hubs on shared ones.

# The version that the tests run on.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /src
ENV UV_LINK_MODE=copy \
    UV_SYSTEM_CERTS=true
# What it runs on and what it is built with, at the locked versions; each in an environment of its own.
COPY requirements.lock requirements-build.lock ./
RUN --mount=type=cache,target=/root/.cache \
    python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements-build.lock \
    && python -m venv --without-pip /opt/atrium \
    && /opt/build/bin/uv pip install --python /opt/atrium --compile-bytecode --require-hashes -r requirements.lock
COPY . .
# The package's own build makes the front end too: Node is one of the build requirements.
RUN --mount=type=cache,target=/root/.cache --mount=type=cache,target=/root/.npm \
    /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/build/bin/uv pip install --python /opt/atrium --compile-bytecode --no-deps --offline /wheels/*.whl

FROM python:${PYTHON}
# Pango and fonts with Romanian and Cyrillic letters, for printing.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /data atrium \
    && install -d -o atrium -g atrium -m 0700 /data /backups
COPY --from=build /opt/atrium /opt/atrium
ENV PATH=/opt/atrium/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HUB_HOST=0.0.0.0 \
    HUB_PORT=8000 \
    HUB_DATA_DIR=/data \
    HUB_LOG_FORMAT=json
USER atrium
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import os, ssl, urllib.request as u; tls = ssl._create_unverified_context() if 'HUB_CERTIFICATE' in os.environ else None; \
u.urlopen(('https' if tls else 'http') + '://127.0.0.1:' + os.environ['HUB_PORT'] + '/readyz', timeout=4, context=tls)"]
CMD ["hub", "serve"]
