// A queue in Redis: kill -9 and SIGTERM of a worker in a cell, kill -9 of Redis and its return, no Redis at all.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kill, missing, run, sleep, until } from "./lib/programs.mjs";
import { cells, differs, lines, scratch, sonde, start, sweepWords } from "./lib/sweep.mjs";

const packages = "redis-server";

export function redisChecks(reference) {
  return [
    {
      name: "a queue in Redis: a worker is killed, another is told to stop, Redis is killed and comes back",
      run: () => missing(["redis-server", "redis-cli"], packages) ?? accidents(reference),
    },
    { name: "a queue where no Redis is: exit code 2 and one sentence, and nothing is lost", run: noRedis },
  ];
}

async function accidents(reference) {
  const folder = scratch("redis");
  const store = join(folder, "store");
  const redis = redisIn(folder);
  const children = [];
  const begin = (...args) => {
    const child = start(args);
    children.push(child);
    return child;
  };
  const worker = () => begin("worker", "--redis", redis.socket, "--store", store, "--threads", "1", "--lock", "2");
  try {
    await redis.start();
    const producer = begin(...sweepWords, "--store", store, "--queue", redis.socket);
    await until(() => planThere(store), "the plan");
    const first = worker();
    const second = worker();
    await until(() => lines(store).length >= 4, "the first cells");
    second.kill("SIGKILL");
    const third = worker();
    await until(() => wrote(store, third), "the third worker's first cell");
    const asked = Date.now();
    third.kill("SIGTERM");
    const code = await third.ended;
    if (code !== 0) return `a worker that was told to stop ended with ${code}: ${third.log}`;
    const gone = (Date.now() - asked) / 1000;
    await until(() => lines(store).length >= 12, "half of the cells");
    redis.kill();
    await sleep(1500);
    await redis.start();
    const ended = await Promise.race([producer.ended, sleep(90_000)]);
    if (ended !== 0) return `the sweep ended with ${ended}: ${producer.log}\n${first.log}`;
    first.kill("SIGTERM");
    await first.ended;
    console.log(`        told to stop, a worker was gone after ${gone.toFixed(1)} s`);
    return await differs(store, reference);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    redis.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function planThere(store) {
  try {
    return readFileSync(join(store, "plan.json")).length > 0;
  } catch {
    return false;
  }
}

/** Whether a process has records of its own in a store. */
function wrote(store, { pid }) {
  try {
    return readdirSync(join(store, "records")).some((name) => name.includes(`-${pid}-`));
  } catch {
    return false;
  }
}

async function noRedis() {
  const folder = scratch("none");
  try {
    const store = join(folder, "store");
    for (const url of ["redis://user:secret@127.0.0.1:1", join(folder, "no.sock")]) {
      const child = start([...sweepWords, "--store", store, "--queue", url]);
      const code = await child.ended;
      const { log } = child;
      if (
        code !== 2 ||
        log.split("\n").length !== 2 ||
        !/^sonde: Redis at .* cannot be reached/.test(log) ||
        log.includes("secret")
      )
        return `exit code ${code}: ${log}`;
    }
    const { done, left } = JSON.parse(sonde(["sweep", "status", "--store", store, "--json"]));
    return done === 0 && left === cells ? "" : `${done} done, ${left} left`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A Redis of its own: a socket and no port, everything kept in a file, nothing ever thrown away. */
function redisIn(folder) {
  const socket = join(folder, "redis.sock");
  const pidFile = join(folder, "redis.pid");
  const settings = {
    port: 0,
    unixsocket: socket,
    unixsocketperm: 600,
    dir: folder,
    pidfile: pidFile,
    logfile: join(folder, "redis.log"),
    daemonize: "yes",
    appendonly: "yes",
    save: "",
    "maxmemory-policy": "noeviction",
  };
  return {
    socket,
    async start() {
      run(
        "redis-server",
        Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      );
      await until(() => run("redis-cli", ["-s", socket, "ping"], { mayFail: true }) === "PONG", "Redis");
    },
    kill() {
      try {
        kill(Number(readFileSync(pidFile, "utf8")));
      } catch {
        // It never ran.
      }
    },
  };
}
