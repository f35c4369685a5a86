# One image for every service; `pic serve <name>` says which one a container is.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY deploy/locked.py deploy/
# The lock's hashes are checked; the product's packages change less often than its code, so they come first.
RUN python deploy/locked.py > /tmp/product.lock \
 && python deploy/locked.py hatchling > /tmp/build.lock \
 && python -m venv /opt/pic \
 && /opt/pic/bin/pip install --require-hashes --no-deps -r /tmp/product.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --no-deps -r /tmp/build.lock
COPY schemas/src schemas/src
COPY law/src law/src
COPY kit/src kit/src
COPY services services
COPY exchange/src exchange/src
COPY replay/src replay/src
RUN /opt/build/bin/python -m hatchling build -t wheel -d /tmp/wheel \
 && /opt/pic/bin/pip install --no-deps --no-index /tmp/wheel/*.whl \
 && /opt/pic/bin/pip check \
 && /opt/pic/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim
# A number, so that an orchestrator can see that it is not root.
RUN groupadd --gid 10001 pic \
 && useradd --uid 10001 --gid pic --no-create-home --home-dir /var/lib/pic --shell /usr/sbin/nologin pic \
 && install --directory --owner pic --group pic --mode 0750 /var/lib/pic
COPY --from=build /opt/pic /opt/pic
ENV PATH=/opt/pic/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIC_DATA=/var/lib/pic PIC_LOG=json
USER 10001:10001
WORKDIR /var/lib/pic
EXPOSE 8400
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-m", "pic_exchange.ready"]
ENTRYPOINT ["pic"]
CMD ["--help"]
