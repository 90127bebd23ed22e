# Two images from one build: `server` (the offercast program: api, worker, migrate) and `web` (nginx with the
# dashboard's files). docker-compose.yml runs both.

# Base images are pinned by full version, also in docker-compose.yml. Pinning by digest would be better:
# `docker buildx imagetools inspect IMAGE` prints the digest, which can be appended to the version as @sha256:...

FROM node:22.23.2-bookworm-slim AS node

FROM rust:1.95.0-bookworm AS builder
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
# The same commands as on a developer's machine. The caches keep crates, tools and compiled dependencies between builds;
# the results are copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.cache/offercast \
    --mount=type=cache,target=/src/target \
    cargo xtask web \
    && node deploy/csp.mjs frontend/dist/index.html > /out-csp.conf \
    && cargo build --release --locked --package offercast --bin offercast \
    && cp target/release/offercast /usr/local/bin/offercast

FROM debian:bookworm-20260824-slim AS server
# No packages are needed: certificates and time zones are compiled into the program.
COPY --from=builder /usr/local/bin/offercast /usr/local/bin/offercast
COPY deploy/healthcheck.sh /usr/local/bin/healthcheck
# Numeric, so that an orchestrator can verify that the user is not root.
USER 10001:10001
ENTRYPOINT ["offercast"]

FROM nginxinc/nginx-unprivileged:1.30.5-alpine AS web
COPY deploy/nginx.conf /etc/nginx/conf.d/default.conf
COPY deploy/security-headers.conf deploy/proxy.conf deploy/error.conf /etc/nginx/offercast/
# The policy contains the hash of the page's inline script, which differs in each build.
COPY --from=builder /out-csp.conf /etc/nginx/offercast/csp.conf
COPY --from=builder /src/frontend/dist /usr/share/nginx/html
