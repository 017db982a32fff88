import { type KernelHost, KernelHostError, kernelHost } from "@sonde/kernels/native";
import { exitCodes } from "./exit-codes.js";
import { version } from "./version.js";

/** Prints the version and what runs the kernels here; returns the exit code. */
export function describeHost(): number {
  try {
    const host = kernelHost();
    console.log(
      `${version()}\nkernels: ${host.kind}, ${host.vectors}\nNode ${process.version}, ${process.platform} ${process.arch}`,
    );
    noteOn(host);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof KernelHostError)) throw error;
    process.stderr.write(`sonde: ${error.message}\n`);
    return exitCodes.usage;
  }
}

/** Says on standard error why native kernels that are there are not used. */
export function noteOn({ note }: KernelHost): void {
  if (note) process.stderr.write(`sonde: note: ${note}; WebAssembly runs instead\n`);
}
