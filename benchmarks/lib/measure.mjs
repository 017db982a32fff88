import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Runs the two sides of a job in turn, both once before anything counts. The processes stay, so that neither start-up nor compilation is measured. Returns per side the seconds for `full` units in each
 * round, or for as many as reach `standardError`, of processor time in user mode or, with `clock: "wall"`, of the clock; the share that the kernel took beside it; and the answer.
 */
export async function measure({ sides, full, standardError, clock }, rounds, progress) {
  const peers = sides.map(start);
  const results = sides.map(() => ({ seconds: [], system: 0, answer: undefined }));
  try {
    for (let round = 0; round <= rounds; round++) {
      // Who goes first alternates as well.
      const order = round % 2 ? [1, 0] : [0, 1];
      for (const s of order) {
        const { wall, user, system, ...answer } = await peers[s].ask();
        const units = full ?? sides[s].size * (answer.standardError / standardError) ** 2;
        if (round > 0) {
          results[s].seconds.push(((clock === "wall" ? wall : user) * units) / sides[s].size);
          results[s].system += system / (user + system) / rounds;
        }
        results[s].answer = answer;
      }
      progress(round);
    }
  } finally {
    for (const { stop } of peers) stop();
  }
  return results;
}

/** A process that works whenever it is asked to. */
function start({ command: [program, ...args], threads, environment }) {
  const child = spawn(program, args, { env: { ...cleared(threads), ...environment }, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "close").then(([code]) => {
    throw new Error(`${program} ${args.join(" ")} ended with code ${code}`);
  });
  ended.catch(() => {});
  const ask = async () => {
    const begun = performance.now();
    child.stdin.write("work\n");
    const { value } = await Promise.race([lines.next(), ended]);
    if (value === undefined) return ended;
    return { wall: (performance.now() - begun) / 1000, ...JSON.parse(value) };
  };
  return { ask, stop: () => child.kill() };
}

/** The environment with so many threads, and without what may hold the peer's libraries to another processor's vectors: OPENBLAS_CORETYPE=Haswell halves their speed. */
export function cleared(threads) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OPENBLAS|OMP|GOTO|MKL|ATEN|DNNL|ONEDNN)_/.test(name));
  return { ...Object.fromEntries(kept), OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
}
