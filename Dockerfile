# One image for the web process, the worker and the one-off commands.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /opt/woshou
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY matching matching
COPY models models
COPY service service
COPY templates templates
COPY seeds seeds
RUN pip install --no-deps --no-build-isolation . \
    && useradd --system --create-home --home-dir /var/lib/woshou woshou

WORKDIR /var/lib/woshou
USER woshou
ENV WOSHOU_DATA_DIR=/var/lib/woshou
EXPOSE 8000
CMD ["woshou", "serve", "--host", "0.0.0.0", "--port", "8000"]
