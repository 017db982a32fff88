import { ConfigError, quote } from "@sonde/core";
import { shellWord } from "./shell-word.js";

/** What a Kubernetes manifest is made of. */
export interface KubernetesOptions {
  /** Name of the job: lower-case letters, digits and dashes. */
  readonly name: string;
  /** An image that has the `sonde` command. */
  readonly image: string;
  /** Path of the store inside the containers. */
  readonly store: string;
  /** The claim of a volume that many pods may write (ReadWriteMany), mounted where the store lies. */
  readonly claim: string;
  readonly shards: number;
  /** Pods that run at once at most. */
  readonly parallel: number;
  readonly processors: number;
  /** Of each pod, as Kubernetes writes it. */
  readonly memory: string;
  /** The queue of Kueue that admits the job; default: no Kueue. */
  readonly kueue?: string;
}

/**
 * The manifest of an Indexed Job, a shard an index: `kubectl apply -f FILE`. A bad shard does not stop the others, a pod that is preempted or drained is started again and not counted, and wrong
 * usage (exit code 2) is not tried again. Needs Kubernetes 1.29 or later.
 *
 * Throws `ConfigError` for a name that Kubernetes does not take.
 */
export function kubernetesJob(options: KubernetesOptions): string {
  const { name, image, store, claim, shards, parallel, processors, memory, kueue } = options;
  for (const label of [name, claim, ...(kueue === undefined ? [] : [kueue])])
    if (!/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/.test(label))
      throw new ConfigError(`${quote(label)} is no name in Kubernetes: take lower-case letters, digits and dashes`);
  const text = JSON.stringify;
  // The index counts from 0, shards from 1; exec, so that signals reach the program.
  const command = `exec sonde sweep --store ${shellWord(store)} --shard $((JOB_COMPLETION_INDEX + 1))/${shards} --threads ${processors}`;
  return `# A sweep in ${shards} shards, made by sonde sweep --emit kubernetes: kubectl apply -f THIS-FILE
apiVersion: batch/v1
kind: Job
metadata:
  name: ${text(name)}
${kueue === undefined ? "" : `  labels:\n    kueue.x-k8s.io/queue-name: ${text(kueue)}\n`}spec:
${kueue === undefined ? "" : "  suspend: true\n"}  completionMode: Indexed
  completions: ${shards}
  parallelism: ${Math.min(parallel, shards)}
  backoffLimitPerIndex: 3
  maxFailedIndexes: ${shards}
  ttlSecondsAfterFinished: 86400
  podFailurePolicy:
    rules:
      - action: FailIndex
        onExitCodes:
          containerName: sonde
          operator: In
          values: [2]
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: "True"
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 10
      containers:
        - name: sonde
          image: ${text(image)}
          command: ["sh", "-c", ${text(command)}]
          resources:
            requests:
              cpu: ${text(String(processors))}
              memory: ${text(memory)}
            limits:
              memory: ${text(memory)}
          volumeMounts:
            - name: store
              mountPath: ${text(store)}
      volumes:
        - name: store
          persistentVolumeClaim:
            claimName: ${text(claim)}
`;
}
