// Files that deploy a release on other systems, as texts.
export { composeFiles } from "./compose.ts";
export { dockerFiles } from "./docker.ts";
export { type BalancerOptions, haproxyConfig } from "./haproxy.ts";
export { kubernetesFiles } from "./kubernetes.ts";
export { systemdFiles } from "./systemd.ts";
export { type Deployment, type DeploymentFiles, type DeployTarget, deployTargets, serviceName } from "./target.ts";
export { type TritonModel, type TritonTensor, tritonFiles } from "./triton.ts";
export { type Workers, workerFiles } from "./workers.ts";
