# The command as a small image, for pipelines that have no Python of their own:
#
#     docker build -t astra-conformance .
#     docker run --rm -e DATABASE_URL astra-conformance check
#     docker run --rm -v "$PWD:/data:ro" astra-conformance lint migrations
#
# It has no pip, no compiler and no server of ours, and runs as nobody in particular: `prove`, `replay` and what
# else needs a throw-away server are not for it. BASE may name another Python of 3.11 or newer.
ARG BASE=python:3.13-slim
FROM ${BASE} AS build
COPY pyproject.toml README.md LICENSE /source/
COPY conformance /source/conformance
COPY fixtures /source/fixtures
COPY reports/report.schema.json /source/reports/
RUN python3 -m venv /opt/conformance \
    && /opt/conformance/bin/python -m pip install --quiet --no-cache-dir '/source[binary]' \
    && /opt/conformance/bin/python -m pip uninstall --quiet --yes pip setuptools

FROM ${BASE}
LABEL org.opencontainers.image.title="Astra conformance" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/conformance /opt/conformance
ENV PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/opt/conformance/bin/conformance"]
CMD ["--help"]
