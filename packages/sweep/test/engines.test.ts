import { spawnSync } from "node:child_process";
import { kubernetesJob, slurmScript } from "@sonde/sweep";
import { Job } from "kubernetes-models/batch/v1";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const pods = {
  name: "sonde-sweep-1a2b",
  image: "node:20-slim",
  store: "/it's a store",
  claim: "sonde-store",
  shards: 32,
  parallel: 8,
  processors: 2,
  memory: "1Gi",
};

describe("the manifest of Kubernetes", () => {
  it.each([undefined, "team-queue"])("is valid by the schema of the API, with the queue %s", (kueue) => {
    const manifest = parse(kubernetesJob({ ...pods, kueue }));
    expect(() => new Job(manifest).validate()).not.toThrow();
    expect(manifest.metadata.labels?.["kueue.x-k8s.io/queue-name"]).toBe(kueue);
    expect(manifest.spec.suspend).toBe(kueue === undefined ? undefined : true);
    expect(manifest.spec).toMatchObject({ completionMode: "Indexed", completions: 32, parallelism: 8 });
  });

  it("is refused by that schema where it is wrong", () => {
    const manifest = parse(kubernetesJob(pods));
    manifest.spec.completions = "many";
    expect(() => new Job(manifest).validate()).toThrow();
  });

  it("counts shards from 1 where indices count from 0", () => {
    const [container] = parse(kubernetesJob(pods)).spec.template.spec.containers;
    const said = spawnSync("sh", ["-c", container.command[2].replace("exec sonde", "printf '%s\\n'")], {
      env: { JOB_COMPLETION_INDEX: "31" },
      encoding: "utf8",
    });
    expect(said.stdout.split("\n")).toEqual(["sweep", "--store", "/it's a store", "--shard", "32/32", "--threads", "2", ""]);
  });

  it("takes no names that Kubernetes does not", () => {
    expect(() => kubernetesJob({ ...pods, claim: "My Claim" })).toThrow(/"My Claim" is no name in Kubernetes/);
  });
});

const tasks = {
  program: ["/usr/bin/node", "/opt/it's/main.js"],
  store: "/store",
  cells: 500,
  shards: 32,
  parallel: 8,
  minutes: 60,
  memory: "1G",
  processors: 2,
};

describe("the script of Slurm", () => {
  it("is a shell script, with the number of shards written into it", () => {
    const script = slurmScript(tasks);
    expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(script).toContain("#SBATCH --array=1-32%8\n");
    expect(script).toContain('--shard "$SLURM_ARRAY_TASK_ID/32"');
    expect(script).toContain("--dependency=afterany:");
    expect(script).not.toContain("SLURM_ARRAY_TASK_COUNT");
    const inner = script.slice(script.indexOf("<<'SONDE'\n") + 10, script.indexOf("\nSONDE\n"));
    expect(spawnSync("sh", ["-n"], { input: inner, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it("refuses limits that would be endless loops, and arrays that Slurm refuses", () => {
    expect(() => slurmScript({ ...tasks, minutes: 4 })).toThrow(/5 minutes or more/);
    expect(() => slurmScript({ ...tasks, minutes: 5 })).not.toThrow();
    expect(() => slurmScript({ ...tasks, shards: 1001 })).toThrow(/up to 1000/);
    expect(() => slurmScript({ ...tasks, shards: 1000 })).not.toThrow();
  });
});
