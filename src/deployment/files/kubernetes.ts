// Kubernetes: a Deployment with probes, a Service, a HorizontalPodAutoscaler, and KServe's InferenceService for clusters that have it.
import { dockerFiles } from "./docker.ts";
import { wordList } from "./image.ts";
import { type Deployment, type DeploymentFiles, memoryMiB, serveArguments } from "./target.ts";

/** A container without root, rights or a file system of its own. */
export const containerSecurity = `securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: { drop: [ALL] }
  seccompProfile: { type: RuntimeDefault }`;

const container = (deployment: Deployment, indent: string): string => {
  const { name, port, threads } = deployment;
  const memory = memoryMiB(deployment);
  const probe = (path: string, period: number) =>
    `\n  httpGet: { path: ${path}, port: ${port} }\n  periodSeconds: ${period}\n  timeoutSeconds: 3`;
  const text = `image: ${name}:latest
args: ${wordList(serveArguments(deployment, "0.0.0.0"))}
ports: [{ name: http1, containerPort: ${port}, protocol: TCP }]
resources:
  requests: { cpu: "${threads}", memory: ${memory}Mi }
  limits: { memory: ${memory}Mi }
startupProbe:${probe("/health/ready", 1)}
  failureThreshold: 60
readinessProbe:${probe("/health/ready", 2)}
livenessProbe:${probe("/health/live", 10)}
${containerSecurity}`;
  return text.replaceAll("\n", `\n${indent}`);
};

/** Files of a cluster. Validated against the schemas of Kubernetes; no cluster ran them here. */
export function kubernetesFiles(deployment: Deployment): DeploymentFiles {
  const { name, port, replicas } = deployment;
  return {
    ...dockerFiles(deployment),
    "deployment.yaml": `# Push the image to your registry, set its name below, then: kubectl apply -f deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
      annotations: { prometheus.io/scrape: "true", prometheus.io/port: "${port}", prometheus.io/path: /metrics }
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      containers:
        - name: concord
          ${container(deployment, "          ")}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app.kubernetes.io/name: ${name} }
  ports: [{ name: http, port: 80, targetPort: ${port} }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: ${replicas}
  maxReplicas: ${Math.max(replicas * 4, 4)}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
`,
    "kserve.yaml": `# For clusters with KServe, instead of deployment.yaml: kubectl apply -f kserve.yaml
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${name}
spec:
  predictor:
    minReplicas: ${replicas}
    maxReplicas: ${Math.max(replicas * 4, 4)}
    scaleMetric: cpu
    scaleTarget: 70
    containers:
      - name: kserve-container
        ${container(deployment, "        ")}
`,
  };
}
