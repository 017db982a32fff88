import { spawn } from "node:child_process";

/**
 * Runs the two sides of a job alternately, every size in every round. Returns per side the seconds for `full` units in each round, or for as many as reach `standardError`, from the slope of a
 * line through whole processes, and the answer at the largest size.
 */
export async function measure({ sides, full, standardError }, rounds, progress) {
  const results = sides.map(() => ({ seconds: [], answer: undefined }));
  for (let round = 0; round < rounds; round++) {
    const times = sides.map(() => []);
    for (let step = 0; step < sides[0].sizes.length; step++)
      for (const [s, side] of sides.entries()) {
        const { seconds, answer } = await runOnce(side, side.sizes[step]);
        times[s].push(seconds);
        results[s].answer = answer;
      }
    for (const [s, { sizes }] of sides.entries()) {
      const units = full ?? sizes[sizes.length - 1] * (results[s].answer.standardError / standardError) ** 2;
      results[s].seconds.push(units * slope(sizes, times[s]));
    }
    progress(round + 1);
  }
  return results;
}

/** One process from start to end, timed from outside. */
function runOnce({ command, threads, environment }, size) {
  const [program, ...args] = command(size);
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads), ...environment };
  const start = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (data) => {
    text += data;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ seconds, answer: JSON.parse(text) });
      else reject(new Error(`${program} ${args.join(" ")} ended with code ${code}`));
    });
  });
}

/** Of the least-squares line. */
function slope(x, y) {
  const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return covariance / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
