// Docker Compose: HAProxy before several replicas of one image.
import { dockerFiles } from "./docker.ts";
import { haproxyConfig } from "./haproxy.ts";
import { type Deployment, type DeploymentFiles, memoryMiB } from "./target.ts";

/** Files of a composition. HAProxy's part runs in the tests with real processes; the containers were not started here. */
export function composeFiles(deployment: Deployment): DeploymentFiles {
  const { name, port, replicas, threads } = deployment;
  const names = Array.from({ length: replicas }, (_, i) => `${name}-${i + 1}`);
  const replica = `  build: .
  image: ${name}
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  stop_grace_period: 60s
  restart: unless-stopped
  mem_limit: ${memoryMiB(deployment)}m
  cpus: ${threads}`;
  return {
    ...dockerFiles(deployment),
    "compose.yaml": `# docker compose up --build. The service answers at port ${port}.
name: ${name}

x-replica: &replica
${replica}

services:
${names.map((one) => `  ${one}:\n    <<: *replica`).join("\n")}
  balancer:
    image: haproxy:2.8-alpine
    ports: ["${port}:${port}"]
    volumes: ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]
    depends_on: [${names.join(", ")}]
    restart: unless-stopped
`,
    "haproxy.cfg": haproxyConfig({
      bind: `:${port}`,
      servers: names.map((one) => `${one}:${port}`),
      resolver: "127.0.0.11:53",
    }),
  };
}
