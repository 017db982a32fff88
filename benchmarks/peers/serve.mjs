import { createInterface } from "node:readline";

/** Answers every line on standard input with the value and standard error that the function which `prepare()` returns gives, and the processor time that this function took. What is prepared does not count. */
export async function serve(prepare) {
  for await (const _ of createInterface({ input: process.stdin })) {
    const work = await prepare();
    const before = process.cpuUsage();
    const { value, standardError } = await work();
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ value, standardError, user: user / 1e6, system: system / 1e6 }));
  }
}
