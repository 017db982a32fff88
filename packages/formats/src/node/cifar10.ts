import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, quote, ShapeError } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { cifar10Images } from "../cifar10.js";
import type { DataSet, DataSetOptions } from "../data-set.js";
import { pointsOf } from "../read-points.js";
import { withFile } from "./file-source.js";

/** What comes before the folder. */
export const cifar10Prefix = "cifar10:";

const pixels = 32 * 32 * 3;
const batches = [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`);
/** The names of the classes, one a line; not every copy has them. */
const namesFile = "batches.meta.txt";

/** The chosen training images of CIFAR-10 in the folder of its binary version, `[points, 3072]`, with their labels. */
export async function readCifar10(folder: string, { inputs, label: _, ...options }: DataSetOptions): Promise<DataSet> {
  if (inputs !== undefined && inputs !== pixels)
    throw new ShapeError(`each point has ${pixels} values, but the model has ${inputs} inputs: give the model ${pixels} inputs`);
  const missing = batches.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new ConfigError(
      `${quote(folder)} has no ${missing[0]}: name the folder cifar-10-batches-bin of the binary version of CIFAR-10`,
    );
  const { data } = await withAll(
    batches.map((file) => join(folder, file)),
    (sources) => pointsOf(cifar10Images(sources), options),
  );
  const names = classNames(join(folder, namesFile));
  return {
    name: "cifar10",
    ...data,
    ...(names && { labelNames: names }),
    source: `CIFAR-10, training set (A. Krizhevsky, 2009), ${folder}`,
  };
}

/** All files open at once. */
function withAll<Result>(
  paths: readonly string[],
  use: (sources: readonly ByteSource[]) => Result,
  opened: readonly ByteSource[] = [],
): Promise<Result> {
  const [path, ...rest] = paths;
  return withFile(
    path,
    (source) => (rest.length > 0 ? withAll(rest, use, [...opened, source]) : use([...opened, source])),
    "a folder with the binary files of CIFAR-10",
  );
}

function classNames(path: string): string[] | undefined {
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > 4096) return undefined;
  const lines = readFileSync(path, "utf8").split(/\r?\n/).filter(Boolean);
  return lines.length === 10 ? lines : undefined;
}
