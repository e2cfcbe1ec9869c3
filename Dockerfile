# One image for each service: `docker build --target queue|renderer|operator --build-arg VERSION=… .`
# Releases pin the base by digest: --build-arg NODE_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
# The version that labels and services report; a release passes that of package.json.
ARG VERSION=unreleased

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY queue queue
COPY cli cli
COPY renderer renderer
COPY operator operator
COPY catalogues catalogues
COPY service service
RUN npm run build
COPY tools/trace.ts tools/trace.ts

FROM build AS build-queue
ARG VERSION
# The client goes along, for `kubectl exec deploy/…-queue -- node cli/main.js`.
RUN node tools/trace.ts /app ${VERSION} dist/queue/main.js dist/cli/main.js

FROM build AS build-renderer
ARG VERSION
RUN node tools/trace.ts /app ${VERSION} dist/renderer/main.js

FROM build AS build-operator
ARG VERSION
RUN node tools/trace.ts /app ${VERSION} dist/operator/main.js

# The base without npm, corepack and yarn, which would need patches.
FROM ${NODE_IMAGE} AS slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log /usr/local/lib/node_modules /usr/local/include \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn* \
 && groupadd --gid 10001 renderfleet \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin renderfleet \
 # No process changes its user.
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} +

# One layer, so that removed files are not shipped.
FROM scratch AS runtime
COPY --from=slim / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production
WORKDIR /app
USER 10001:10001
STOPSIGNAL SIGTERM
EXPOSE 8080
# tini reaps the orphans of Chromium and forwards signals.
ENTRYPOINT ["/usr/bin/tini", "--", "node"]
LABEL org.opencontainers.image.title=renderfleet org.opencontainers.image.licenses=MIT

FROM runtime AS queue
COPY --from=build-queue /app /app
# Most of what a request allocates is garbage soon; a larger young generation saves CPU (docs/adr/0005).
CMD ["--min-semi-space-size=16", "queue/main.js"]
ARG VERSION
LABEL org.opencontainers.image.version=${VERSION}

FROM runtime AS operator
COPY --from=build-operator /app /app
CMD ["operator/main.js"]
ARG VERSION
LABEL org.opencontainers.image.version=${VERSION}

FROM runtime AS browser
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium-headless-shell \
 # Printing needs no graphics drivers and no desktop, 190 MB of the dependencies.
 && dpkg --purge --force-depends libgl1-mesa-dri libllvm15 libz3-4 libxml2 libicu72 x11-utils xdg-utils libglx-mesa0 libgl1 libglx0 \
 && rm -rf /usr/lib/chromium/libVkLayer_khronos_validation.so /usr/lib/chromium/libvk_swiftshader.so \
      /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log
USER 10001:10001
# The browser itself, because Debian's wrapper script would stay between Node and it.
ENV CHROMIUM_PATH=/usr/lib/chromium/chromium-headless-shell XDG_CACHE_HOME=/tmp/.cache

FROM browser AS renderer
COPY --from=build-renderer /app /app
COPY static static
# V8's compiled code lies beside the modules, so that a pod starts faster (docs/adr/0022). It is valid for this user and these V8 flags.
ENV NODE_COMPILE_CACHE=/app/.compile-cache
USER root
RUN install --directory --owner=10001 "$NODE_COMPILE_CACHE"
USER 10001:10001
RUN node --min-semi-space-size=16 --input-type=module --eval \
  "import { globSync } from 'node:fs'; for (const file of globSync('/app/renderer/**/*.js', { exclude: ['**/main.js'] })) await import(file)"
CMD ["--min-semi-space-size=16", "renderer/main.js"]
ARG VERSION
LABEL org.opencontainers.image.version=${VERSION}
