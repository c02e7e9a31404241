// A container image: packages installed in one stage, and a second without a shell, package manager or root.
import { type Deployment, type DeploymentFiles, packageFile, serveArguments } from "./target.ts";

/** Files of an image. It was not built here: no container engine runs where these files are tested. */
export function dockerFiles(deployment: Deployment): DeploymentFiles {
  const { name, port, verified } = deployment;
  const serve = serveArguments(deployment, "0.0.0.0");
  const list = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
  const main = "node_modules/@concord-ai/concord/dist/src/cli/main.js";
  const ready = `fetch("http://127.0.0.1:${port}/health/ready").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return {
    Dockerfile: `# Builds an image that serves one release. docker build -t ${name} .
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund

FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/node_modules ./node_modules
COPY release ./release
${verified ? "COPY policy ./policy\n" : ""}EXPOSE ${port}
USER nonroot
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ${list(["/nodejs/bin/node", "-e", ready])}
ENTRYPOINT ${list(["/nodejs/bin/node", main])}
CMD ${list(serve)}
`,
    ".dockerignore": "*\n!package.json\n!release\n!policy\n",
    "package.json": packageFile(deployment),
  };
}
