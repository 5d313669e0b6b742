# Build: every package by its hash, compiled, nothing from outside the locks.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md requirements.lock requirements-build.lock ./
COPY config/docker/install.sh config/docker/install.sh
COPY robot robot
RUN sh config/docker/install.sh /src /opt/robot

# Run: slim, as nobody in particular, nothing writable but the two volumes.
#   docker run --read-only --tmpfs /tmp -v robot-var:/app/var -v robot-logs:/app/logs invoice-robot
FROM python:3.11-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini tzdata unixodbc \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin robot \
 && install -d -o robot -g robot /app/var /app/logs
COPY --from=build /opt/robot /opt/robot
WORKDIR /app
COPY rules rules
COPY config config
COPY examples examples
ENV PATH=/opt/robot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TZ=Europe/Copenhagen
USER 10001
VOLUME ["/app/var", "/app/logs"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["invoice-robot", "doctor", "--alive"]
ENTRYPOINT ["tini", "--", "invoice-robot"]
CMD ["daemon"]
