// node test/engines/run.mjs [--all] [redis|slurm]: sweeps on Redis and Slurm that are started here, with the accidents that happen to them. --all adds what takes minutes of waiting.
// Debian: apt-get install --no-install-recommends slurm-wlm munge redis-server; what is missing is skipped.
import { parseArgs } from "node:util";
import { setUpOrExit } from "../../scripts/lib/setup.mjs";
import { finish, runChecks } from "../../scripts/lib/tally.mjs";
import { baseline } from "./lib/sweep.mjs";
import { redisChecks } from "./redis.mjs";
import { slurmChecks } from "./slurm.mjs";

const { values, positionals } = parseArgs({ options: { all: { type: "boolean", default: false } }, allowPositionals: true });
await setUpOrExit();
const wanted = (name) => positionals.length === 0 || positionals.includes(name);
// Begun first: both compare with it.
const reference = baseline();
const checks = [
  ...(wanted("slurm") ? slurmChecks(reference, values.all) : []),
  ...(wanted("redis") ? redisChecks(reference) : []),
];
finish(await runChecks(checks, { parallel: 2 }));
reference.end();
