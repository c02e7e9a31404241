// Workers of a study as a Kubernetes Job, with the image that they run. Pure: opens no file.
import { imageFile, wordList } from "./image.ts";
import { containerSecurity } from "./kubernetes.ts";
import { type Deployment, type DeploymentFiles, packageFile } from "./target.ts";

export interface Workers extends Pick<Deployment, "name" | "packageVersion" | "threads"> {
  /** Pods at the same time. */
  readonly workers: number;
  /** What one runs: words after `concord`, in a container that has the recipe's folder at `/data` and writes in `/work`. */
  readonly words: readonly string[];
}

/** Pods that may fail before Kubernetes gives the study up, as on other clusters. */
const mostFailures = 20;

/**
 * Files of a Job. It is a work queue: a pod that finds no trial succeeds, and none is started after it; one that fails is replaced.
 * Validated against the schemas of Kubernetes; no cluster ran it here.
 */
export function workerFiles({ name, packageVersion, threads, workers, words }: Workers): DeploymentFiles {
  const within = (text: string) => text.replaceAll("\n", `\n${" ".repeat(10)}`);
  return {
    Dockerfile: imageFile(`Builds the image of a study's workers. docker build -t ${name} .`, ""),
    ".dockerignore": "*\n!package.json\n",
    "package.json": packageFile({ name, packageVersion }),
    "workers.yaml": `# 1. Push the image to your registry and set its name below.
# 2. Name a claim that holds the recipe's folder, with the recipe, its table and its model, instead of ${name}-data.
# 3. The password of the database, if it has one: kubectl create secret generic ${name}-database --from-literal=password=…
# 4. kubectl apply -f workers.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}-workers
  labels: { app.kubernetes.io/name: ${name} }
spec:
  parallelism: ${workers}
  backoffLimit: ${mostFailures}
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      containers:
        - name: concord
          image: ${name}:latest
          workingDir: /work
          args: ${wordList(words)}
          env:
            - name: PGPASSWORD
              valueFrom: { secretKeyRef: { name: ${name}-database, key: password, optional: true } }
          resources:
            requests: { cpu: "${threads}" }
          volumeMounts:
            - { name: data, mountPath: /data, readOnly: true }
            - { name: work, mountPath: /work }
            - { name: tmp, mountPath: /tmp }
          ${within(containerSecurity)}
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: ${name}-data, readOnly: true }
        - { name: work, emptyDir: {} }
        - { name: tmp, emptyDir: {} }
`,
  };
}
