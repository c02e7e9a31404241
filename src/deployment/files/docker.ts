// A container image that serves one release.
import { imageFile, imageNode, wordList } from "./image.ts";
import { type Deployment, type DeploymentFiles, packageFile, serveArguments } from "./target.ts";

/** Files of an image. It was not built here: no container engine runs where these files are tested. */
export function dockerFiles(deployment: Deployment): DeploymentFiles {
  const { name, port, verified } = deployment;
  const ready = `fetch("http://127.0.0.1:${port}/health/ready").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return {
    Dockerfile: imageFile(
      `Builds an image that serves one release. docker build -t ${name} .`,
      `COPY release ./release
${verified ? "COPY policy ./policy\n" : ""}EXPOSE ${port}
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ${wordList([imageNode, "-e", ready])}
`,
      `CMD ${wordList(serveArguments(deployment, "0.0.0.0"))}\n`,
    ),
    ".dockerignore": "*\n!package.json\n!release\n!policy\n",
    "package.json": packageFile(deployment),
  };
}
