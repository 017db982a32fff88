#!/usr/bin/env node
import { version } from "./version.js";

// The version is wanted by scripts and prompts: answer before anything heavy is loaded.
if (process.argv.length === 3 && ["--version", "-V"].includes(process.argv[2])) {
  console.log(version());
} else {
  const { run } = await import("./program.js");
  process.exitCode = await run(process.argv.slice(2));
}
