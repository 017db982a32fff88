// Slurm: the script of --emit slurm, and what happens to its tasks.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill, missing, sleep, until } from "./lib/programs.mjs";
import { processes, slurmIn } from "./lib/slurm.mjs";
import { differs, lines, scratch, sonde, sweepWords } from "./lib/sweep.mjs";

const packages = "slurm-wlm munge";
const programs = ["munged", "slurmctld", "slurmd", "sbatch"];

export function slurmChecks(reference, all) {
  const check = (name, work, shards = 4) => ({
    name: `Slurm: ${name}`,
    run: () => missing(programs, packages) ?? withSweep(reference, work, shards),
  });
  return [
    check("a task is killed, one asks for another turn before its limit, the controller is killed; submitted again", everyday),
    ...(all
      ? [
          check("the node dies with all that runs on it", nodeDies),
          check("a shard that needs longer than its limit asks for its next turn by itself", limit, 1),
        ]
      : []),
  ];
}

/** Starts a Slurm, makes the script, and compares in the end. */
async function withSweep(reference, work, shards) {
  const folder = scratch("slurm");
  const store = join(folder, "store");
  const slurm = slurmIn(folder);
  try {
    await slurm.start();
    const script = join(folder, "sweep.sh");
    writeFileSync(
      script,
      sonde([
        ...sweepWords,
        "--store",
        store,
        "--emit",
        "slurm",
        "--shards",
        String(shards),
        "--parallel",
        "2",
        "--memory",
        "300M",
        "--minutes",
        "5",
      ]),
    );
    const submit = (...args) => {
      const said = slurm.call("sh", [script, ...args]);
      const [, job, merge] = /array (\d+) of .* merge job (\d+)/.exec(said) ?? [];
      if (!job) throw new Error(`sbatch said ${said}`);
      return { job, merge };
    };
    const context = { slurm, store, submit, ...queueOf(slurm), tasks: (shard) => tasks(store, shard) };
    const problem = await work(context);
    return problem || (await differs(store, reference));
  } catch (error) {
    throw new Error(`${error.message}\n${logs(store)}\n${slurm.call("squeue", [], { mayFail: true })}\n${slurm.log()}`);
  } finally {
    await slurm.stop();
    for (const pid of tasks(store)) kill(pid);
    await sleep(200);
    rmSync(folder, { recursive: true, force: true });
  }
}

function logs(store) {
  try {
    return readdirSync(store)
      .filter((name) => name.endsWith(".log"))
      .map((name) => `${name}: ${readFileSync(join(store, name), "utf8")}`)
      .join("\n");
  } catch {
    return "";
  }
}

/** Processes of the sweep that tasks run. */
function tasks(store, shard = "") {
  return processes((text) => text.includes(` sweep --store ${store} --shard ${shard}`) && /^\S*node /.test(text));
}

function queueOf(slurm) {
  const query = (...args) =>
    slurm
      .call("squeue", ["-h", ...args], { mayFail: true, timeout: 5000 })
      .split("\n")
      .filter(Boolean);
  return {
    running: (job) => query("-r", "-j", job, "-t", "R", "-o", "%i"),
    /** Waits for the end of a job; an administrator resumes a node that a killed controller confused, and a user releases what was held. */
    async gone(job) {
      await until(
        async () => {
          if (/^drain|^drng/.test(slurm.nodeState()))
            slurm.call("scontrol", ["update", `nodename=ALL`, "state=resume"], { mayFail: true });
          for (const line of query("-r", "-j", job, "-t", "PD", "-o", "%i %r"))
            if (/held/i.test(line)) slurm.call("scontrol", ["release", line.split(" ")[0]], { mayFail: true });
          await sleep(400);
          return query("-j", job, "-o", "%i").length === 0;
        },
        `the end of job ${job}`,
        300,
      );
    },
  };
}

async function everyday({ slurm, store, submit, running, gone, tasks }) {
  const { job, merge } = submit();
  await until(() => lines(store).length >= 2, "the first cells");
  kill(await until(() => tasks()[0], "a task to kill"));
  // One to two minutes before the limit Slurm sends this signal to the script.
  // One that has begun to compute: before, the signal would end it like any other program.
  const atWork = (task) => tasks(`${task.split("_")[1]}/`).length > 0 && /done before/.test(readLog(store, task));
  const early = await until(() => running(job).find(atWork), "a task at work");
  // Where the task is requeued at once, scancel asks again and fails, although its signal came: what follows tells.
  slurm.call("scancel", ["--batch", "--signal=USR1", early], { mayFail: true });
  await until(() => readLog(store, early).split("\n").length > 2, "the task to end its turn");
  const then = lines(store).length;
  slurm.killController();
  await sleep(1500);
  slurm.controller();
  await gone(job);
  await gone(merge);
  const first = lines(store).length;
  const said = readFileSync(join(store, "slurm-merge.log"), "utf8");
  if (!/of 24 cells merged/.test(said)) return `the merge job said ${said}`;
  const again = submit("--array=1-4");
  await gone(again.job);
  await gone(again.merge);
  console.log(
    `        ${then} cells when the controller was killed, ${first} when the array had ended, ${lines(store).length} after submitting again`,
  );
  return "";
}

function readLog(store, task) {
  try {
    return readFileSync(join(store, `slurm-${task}.log`), "utf8");
  } catch {
    return "";
  }
}

async function nodeDies({ slurm, store, submit, gone, tasks }) {
  const { job, merge } = submit();
  await until(() => lines(store).length >= 4, "the first cells");
  slurm.killNode();
  for (const pid of tasks()) kill(pid);
  await until(() => slurm.nodeState().startsWith("down"), "the node to count as down");
  const then = lines(store).length;
  slurm.node();
  await gone(job);
  await gone(merge);
  console.log(`        the node died after ${then} cells; its tasks were queued again and did the rest: ${lines(store).length}`);
  return "";
}

async function limit({ store, submit, gone }) {
  // The shard takes half a minute, and Slurm looks twice a minute for jobs that are within half a minute (and the half that it takes to look again) of their limit.
  const { job, merge } = submit("--time=1", "--signal=B:USR1@30");
  await gone(job);
  await gone(merge);
  const [log] = readdirSync(store).filter((name) => /^slurm-\d+_\d+\.log$/.test(name));
  const turns = readFileSync(join(store, log), "utf8").split("cells done before").length - 1;
  console.log(`        turns of the shard: ${turns}`);
  return turns > 1 ? "" : "the shard was done before its limit came near: the cells are too short for this machine";
}
