import { spawn } from "node:child_process";

/**
 * Runs a program to its end: `{ code, stdout, output }`, `output` being what it wrote to both streams in order. With `inherit` it writes to our
 * standard error instead and both are empty. Never rejects: a program that cannot be started has code 127. It is ended when we end.
 */
export function run(command, args, { cwd, env, inherit = false, timeout } = {}) {
  return new Promise((resolve) => {
    const stdio = inherit ? ["ignore", 2, 2] : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, timeout, killSignal: "SIGKILL" });
    const kill = () => child.kill();
    process.once("exit", kill);
    const both = [];
    const out = [];
    child.stdout?.on("data", (chunk) => {
      both.push(chunk);
      out.push(chunk);
    });
    child.stderr?.on("data", (chunk) => both.push(chunk));
    child.on("error", (error) => resolve({ code: 127, stdout: "", output: error.message }));
    child.on("close", (code, signal) => {
      process.off("exit", kill);
      const end = signal ? `\n${command} was ended by ${signal}${timeout ? ` (limit: ${timeout / 1000} s)` : ""}` : "";
      resolve({ code: code ?? 128, stdout: text(out), output: text(both) + end });
    });
  });
}

function text(chunks) {
  return Buffer.concat(chunks).toString("utf8");
}
