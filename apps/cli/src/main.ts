#!/usr/bin/env node
import { version } from "./version.js";

// Whoever closes a pipe early has read enough; any other failure is reported where the result is written.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const args = process.argv.slice(2);
// The version is wanted by scripts and prompts: answer before anything heavy is loaded.
if (["--version", "-V"].includes(args[0]) && args.length === 1) {
  console.log(version());
} else if (args.length === 2 && args.includes("--verbose") && args.some((arg) => ["--version", "-V"].includes(arg))) {
  const { describeHost } = await import("./describe-host.js");
  process.exitCode = describeHost();
} else {
  const { run } = await import("./program.js");
  process.exitCode = await run(args);
}
