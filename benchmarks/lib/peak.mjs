import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/lib/root.mjs";

/** GFLOP/s of float32 that one core reaches here with products and sums fused and apart (peers/peak.c); undefined without a C compiler. */
export function peak() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-peak-"));
  try {
    const [fused, apart] = ["fast", "off"].map((contraction) => {
      const program = join(folder, contraction);
      const source = join(root, "benchmarks", "peers", "peak.c");
      const made = spawnSync("cc", ["-O2", "-march=native", `-ffp-contract=${contraction}`, "-o", program, source]);
      return made.status === 0 ? Number(spawnSync(program, { encoding: "utf8" }).stdout) : undefined;
    });
    return fused && apart ? { fused, apart } : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
