#!/usr/bin/env node
import { version } from "./version.js";

// Whoever closes a pipe early has read enough; any other failure is reported where the result is written.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// The version is wanted by scripts and prompts: answer before anything heavy is loaded.
if (process.argv.length === 3 && ["--version", "-V"].includes(process.argv[2])) {
  console.log(version());
} else {
  const { run } = await import("./program.js");
  process.exitCode = await run(process.argv.slice(2));
}
