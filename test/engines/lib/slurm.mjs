import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, totalmem, userInfo } from "node:os";
import { join } from "node:path";
import { kill, path, run, sleep, until } from "./programs.mjs";

/** A Slurm of one machine, in a folder of its own, on loopback and ports of its own. */
export function slurmIn(state) {
  const conf = join(state, "slurm.conf");
  const env = { SLURM_CONF: conf, PATH: path };
  const host = hostname().split(".")[0];
  const port = 20_000 + 2 * randomInt(5000);
  const call = (program, args, options = {}) => run(program, args, { env, ...options });
  const pidOf = (name) => {
    const file = join(state, `${name}.pid`);
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  };
  const forget = (name) => rmSync(join(state, `${name}.pid`), { force: true });
  const controller = () => call("slurmctld", ["-f", conf]);
  const node = () => call("slurmd", ["-f", conf, "-N", host]);
  return {
    env,
    call,
    controller,
    node,
    /** The last lines of the controller's log. */
    log: () => readFileSync(join(state, "slurmctld.log"), "utf8").split("\n").slice(-30).join("\n"),
    /** The state of the node, such as idle, mix or down. */
    nodeState: () => call("sinfo", ["-h", "-o", "%t"], { mayFail: true, timeout: 3000 }),
    killController() {
      kill(pidOf("slurmctld"));
      forget("slurmctld");
    },
    /** The machine dies: its daemon and those of the steps. What they ran is for the caller. */
    killNode() {
      for (const pid of stepDaemons(state)) kill(pid);
      kill(pidOf("slurmd"));
      forget("slurmd");
    },
    async start() {
      // Munge wants to be reached by everybody.
      chmodSync(state, 0o755);
      for (const folder of ["ctld", "spool"]) mkdirSync(join(state, folder), { recursive: true });
      writeFileSync(join(state, "munge.key"), randomBytes(128), { mode: 0o600 });
      const template = readFileSync(new URL("./slurm.conf.in", import.meta.url), "utf8");
      const memory = Math.floor((totalmem() / 2 ** 20) * 0.9);
      const filled = {
        STATE: state,
        HOST: host,
        USER: userInfo().username,
        PORT: port,
        PORT_D: port + 1,
        CPUS: 2,
        MEMORY: memory,
      };
      writeFileSync(
        conf,
        template.replace(/@(\w+)@/g, (_, name) => String(filled[name])),
      );
      const at = (name) => join(state, name);
      call("munged", [
        `--socket=${at("munge.socket")}`,
        `--key-file=${at("munge.key")}`,
        `--pid-file=${at("munged.pid")}`,
        `--log-file=${at("munged.log")}`,
        `--seed-file=${at("munge.seed")}`,
        "--num-threads=2",
      ]);
      controller();
      node();
      await until(() => /^(idle|mix|alloc)/.test(call("sinfo", ["-h", "-o", "%t"], { mayFail: true, timeout: 3000 })), "Slurm");
    },
    async stop() {
      call("scancel", ["--user", userInfo().username], { mayFail: true });
      await sleep(500);
      for (const pid of stepDaemons(state)) kill(pid);
      for (const name of ["slurmd", "slurmctld", "munged"]) {
        const pid = pidOf(name);
        if (pid > 0) kill(pid);
      }
    },
  };
}

/** Daemons of steps: their spool is ours. */
function stepDaemons(state) {
  return processes((text, pid) => /slurmstepd/.test(text) && environment(pid).includes(state));
}

function environment(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

/** Numbers of processes whose command line fits. */
export function processes(fits) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && fits(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "), pid);
      } catch {
        return false;
      }
    });
}
