import { spawn } from "node:child_process";

/**
 * Runs a program to its end: `{ code, output }`, output being what it wrote to both streams. With `inherit` it writes to our standard error
 * instead and `output` is empty. Never rejects: a program that cannot be started has code 127.
 * The program ends when we do.
 */
export function run(command, args, { cwd, env, inherit = false, timeout } = {}) {
  return new Promise((resolve) => {
    const stdio = inherit ? ["ignore", 2, 2] : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, timeout, killSignal: "SIGKILL" });
    const kill = () => child.kill();
    process.once("exit", kill);
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code, signal) => {
      process.off("exit", kill);
      const note = signal ? `\n${command} was ended by ${signal}${timeout ? ` (limit: ${timeout / 1000} s)` : ""}` : "";
      resolve({ code: code ?? 128, output: Buffer.concat(chunks).toString("utf8") + note });
    });
  });
}
