// The text of a container image with Concord in it: packages installed in one stage, and a second without a shell, package manager or root.

/** Words as a list of JSON, which YAML and Dockerfiles read too. */
export const wordList = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;

/** Node in the image. */
export const imageNode = "/nodejs/bin/node";

/** A Dockerfile. @param about its first line @param lines what else the image holds @param last lines after the entry point, which is `concord` */
export const imageFile = (about: string, lines: string, last = ""): string => `# ${about}
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund

FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/node_modules ./node_modules
${lines}USER nonroot
STOPSIGNAL SIGTERM
ENTRYPOINT ${wordList([imageNode, "/app/node_modules/@concord-ai/concord/dist/src/cli/main.js"])}
${last}`;
