# Paraphe as an image: the checkout and its hashed packages, run by a user without rights.
FROM debian:12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates fonts-dejavu-core \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --create-home --home-dir /var/lib/paraphe paraphe

ENV PATH=/opt/paraphe/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/opt/paraphe \
    PYTHONUNBUFFERED=1 \
    PARAPHE_HOME=/var/lib/paraphe

WORKDIR /opt/paraphe
COPY requirements.txt ./
# The launcher finds the copy of the requirements in the environment and has nothing left to install.
RUN python3 -m venv --without-pip .venv \
    && python3 -m pip --python .venv/bin/python install --no-cache-dir --no-compile \
        --only-binary :all: --require-hashes -r requirements.txt \
    && cp requirements.txt .venv/
COPY paraphe LICENSE ./
COPY domain domain
COPY projections projections
COPY services services
COPY api api
RUN ln -s /opt/paraphe/paraphe /usr/local/bin/paraphe && python -m compileall -q .

USER paraphe
VOLUME /var/lib/paraphe
EXPOSE 8000
ENTRYPOINT ["paraphe"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
