# The hub. Its data is in the volume /data; docker build -t countersign .
FROM node:24-slim AS packages
WORKDIR /app
COPY . .
# Only what the hub and its command line need: the image has a Node 24 of its own. The stamp tells tools/run.mjs that nothing
# is missing.
RUN npm ci --omit=dev --no-audit --no-fund -w server -w cli \
 && sha256sum package-lock.json | cut -d' ' -f1 | tr -d '\n' > node_modules/.installed-from

FROM node:24-slim
WORKDIR /app
COPY --from=packages /app .
RUN install -d -o node -g node -m 700 /data && install -d -o node -g node /credentials
ENV COUNTERSIGN_DATA_FOLDER=/data COUNTERSIGN_LISTEN_ADDRESS=0.0.0.0 COUNTERSIGN_DEMO=false
USER node
VOLUME /data
EXPOSE 8443
HEALTHCHECK --interval=5s --start-period=30s \
  CMD ["node", "-e", "require('node:https').get({ port: 8443, path: '/readyz', rejectUnauthorized: false, headers: { host: 'localhost:8443' } }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# The flags are those of tools/run.mjs.
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=64", "server/src/main.ts"]
