# Two images from one build: `server` (the offercast program: api, worker, migrate) and `web` (nginx with the
# dashboard's files). docker-compose.yml puts them together.

# The images are pinned by their whole version, in docker-compose.yml too. A digest is better and could not be looked up
# where this was written, without a registry at hand: `docker buildx imagetools inspect IMAGE` shows it, to be added behind
# the version as @sha256:...

FROM node:22.23.2-bookworm-slim AS node

FROM rust:1.95.0-bookworm AS builder
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
# The same commands as on a developer's machine. The caches keep crates, tools and compiled dependencies between
# builds; what the images need is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.cache/offercast \
    --mount=type=cache,target=/src/target \
    cargo xtask web \
    && node deploy/csp.mjs frontend/dist/index.html > /out-csp.conf \
    && cargo build --release --locked --package offercast --bin offercast \
    && cp target/release/offercast /usr/local/bin/offercast

FROM debian:bookworm-20260824-slim AS server
# No packages: certificates and time zones are in the program.
COPY --from=builder /usr/local/bin/offercast /usr/local/bin/offercast
COPY deploy/healthcheck.sh /usr/local/bin/healthcheck
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
ENTRYPOINT ["offercast"]

FROM nginxinc/nginx-unprivileged:1.30.5-alpine AS web
COPY deploy/nginx.conf /etc/nginx/conf.d/default.conf
COPY deploy/security-headers.conf deploy/proxy.conf deploy/error.conf /etc/nginx/offercast/
# The policy names the hash of the page's inline script, which differs with each build.
COPY --from=builder /out-csp.conf /etc/nginx/offercast/csp.conf
COPY --from=builder /src/frontend/dist /usr/share/nginx/html
