import { join } from "node:path";
import { root } from "../scripts/lib/root.mjs";

/** Holds OpenBLAS, and with it PyTorch's products, to the vectors of 256 bits that processors without AVX-512 have. */
const avx2 = { OPENBLAS_CORETYPE: "Haswell", ATEN_CPU_CAPABILITY: "avx2" };

const living8 = (1 - 2 ** -8) ** 20;

/**
 * The jobs, in the order of the table. Seconds are reported for `full` units of the size; the two sides may be timed over different sizes where their speeds
 * are far apart. With `tolerance` both compute the same number, up to so much of it. With `standardError` instead of `full` they are those that a side takes to reach that error. `expected` is the exact answer, where there is one.
 */
export const jobs = [
  {
    name: "width-8",
    title: "50,000 networks, 64 points, width 8, depth 20, explicit weights, living ratio",
    target: 3.5,
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", [20_000, 60_000, 100_000]),
  },
  {
    name: "width-8-kernels",
    title: "the same, Sonde's kernels called directly",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8-kernels", [20_000, 60_000, 100_000]),
  },
  {
    name: "width-8-avx2",
    title: "the first job, PyTorch held to 256-bit vectors",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", [20_000, 60_000, 100_000], undefined, 1, avx2),
  },
  {
    name: "width-64",
    title: "2,000 networks, 64 points, width 64, depth 20, explicit weights, living ratio",
    target: 1.3,
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64", [1000, 3000, 5000]),
  },
  {
    name: "width-64-kernels",
    title: "the same, Sonde's kernels called directly",
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64-kernels", [1000, 3000, 5000]),
  },
  {
    name: "width-64-avx2",
    title: "the same job, PyTorch held to 256-bit vectors",
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64", [1000, 3000, 5000], undefined, 1, avx2),
  },
  {
    name: "angle",
    title: "angle of two inputs at width 1024, depth 100, one network (PyTorch: explicit weights; Sonde: `law`)",
    target: 200,
    full: 1,
    sides: against("angle", "angle", [2, 4, 6], [100, 400, 700]),
  },
  {
    name: "wide",
    title: "512 points through width 1024, depth 20, one network after another (Sonde: kernels called directly)",
    target: 0.45,
    full: 1,
    expected: 1,
    sides: against("wide", "wide", [4, 8, 12]),
  },
  {
    name: "wide-avx2",
    title: "the same, PyTorch held to 256-bit vectors",
    full: 1,
    expected: 1,
    sides: against("wide", "wide", [4, 8, 12], undefined, 1, avx2),
  },
  {
    name: "conditional",
    title:
      "P(born dead) of networks 1-4x10-1 on [-1, 1] to a standard error of 10^-4 (PyTorch counts with two inputs; Sonde: `conditional`)",
    target: 20,
    standardError: 1e-4,
    sides: against("born-dead", "born-dead", [500_000, 1_500_000, 2_500_000], [100_000, 500_000, 900_000]),
  },
  {
    name: "normals",
    title: "1,000,000 standard normals, float32",
    target: 1.2,
    full: 1,
    expected: 1,
    sides: against("normals", "normals", [100, 400, 700]),
  },
  {
    name: "kernel",
    title: "NNGP and NTK of 1000 points, 20 ReLU layers, float64 (NumPy: whole matrices; Sonde: `infiniteWidthKernel`)",
    target: 1,
    full: 1,
    sides: [
      { ...numpyKernel(), sizes: [4, 12, 20] },
      { ...sonde("kernel", 1), sizes: [4, 12, 20] },
    ],
  },
  {
    name: "width-8-two-threads",
    title: "the first job, two threads against two",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", [40_000, 120_000, 200_000], undefined, 2),
  },
  {
    name: "moments",
    title:
      "signal and noise moments of one network, width 512, depth 50, batch 128, batch norm: every place, both effective ranks of every layer",
    full: 1,
    sides: against("moments", "moments", [4, 12, 20]),
  },
  {
    name: "moments-conv",
    title: "the same of one convolutional network: 32 channels, 3x3 periodic, 8x8 positions, depth 20, batch 32",
    full: 1,
    sides: against("moments-conv", "moments-conv", [20, 60, 100]),
  },
  {
    name: "vni",
    title: "VNI of 10,000 points x 4,096 units, float32 (NumPy: `corrcoef`, float64), one thread against one",
    full: 10_000,
    sides: againstCorrcoef("float64", 1),
  },
  {
    name: "vni-float32",
    title: "the same, NumPy's `corrcoef` told to use float32",
    full: 10_000,
    sides: againstCorrcoef("float32", 1),
  },
  {
    name: "vni-two-threads",
    title: "the same as the first of these, NumPy with one thread, Sonde with two",
    target: 1,
    full: 10_000,
    sides: againstCorrcoef("float64", 2),
  },
  {
    name: "train-narrow",
    title: "a training step of 1000 networks 1-2x9-1 on x sin 5x, batch 128, Adam (PyTorch: batched products, autograd)",
    target: 15,
    full: 1,
    tolerance: 1e-4,
    sides: training("train-narrow", [50, 100, 150], [1000, 2000, 3000]),
  },
  {
    name: "train-digits",
    title: "the same of 200 networks 64-32x8-10 on digits, batch 64, cross-entropy",
    target: 3,
    full: 1,
    tolerance: 1e-4,
    sides: training("train-digits", [50, 100, 150], [50, 100, 150]),
  },
  {
    name: "train-wide",
    title: "the same of 32 networks 64-128x10-10",
    target: 0.7,
    full: 1,
    tolerance: 1e-4,
    sides: training("train-wide", [25, 50, 75], [25, 50, 75]),
  },
  {
    name: "threads",
    title: "the first job, Sonde with one thread against Sonde with two",
    target: 1.8,
    full: 50_000,
    expected: living8,
    sides: [
      { ...sonde("width-8", 1), sizes: [40_000, 120_000, 200_000] },
      { ...sonde("width-8", 2), sizes: [40_000, 120_000, 200_000] },
    ],
  },
];

/** PyTorch against Sonde. */
function against(pytorchJob, sondeJob, pytorchSizes, sondeSizes = pytorchSizes, threads = 1, environment = {}) {
  return [
    { ...pytorch(pytorchJob, threads), environment, sizes: pytorchSizes },
    { ...sonde(sondeJob, threads), sizes: sondeSizes },
  ];
}

/** PyTorch against Sonde on one thread, over steps of training; both train the very same networks on the same batches. */
function training(job, pytorchSizes, sondeSizes) {
  const file = (name) => join(root, "benchmarks", "peers", name);
  const pytorch = (size) => ["/usr/bin/python3", file("training.py"), job, String(size), process.execPath, file("training.mjs")];
  const sonde = (size) => [process.execPath, file("training.mjs"), job, String(size)];
  return [
    { label: "PyTorch", command: pytorch, threads: 1, sizes: pytorchSizes },
    { label: "Sonde", command: sonde, threads: 1, sizes: sondeSizes },
  ];
}

/** NumPy on one thread against Sonde, over points. */
function againstCorrcoef(job, threads) {
  const file = join(root, "benchmarks", "peers", "numpy_vni.py");
  const sizes = [2500, 5000, 7500];
  const numpy = { label: "NumPy", command: (size) => ["/usr/bin/python3", file, job, String(size), "1"], threads: 1, sizes };
  return [numpy, { ...sonde("vni", threads), sizes }];
}

function pytorch(job, threads) {
  const file = join(root, "benchmarks", "peers", "pytorch.py");
  return { label: "PyTorch", command: (size) => ["/usr/bin/python3", file, job, String(size), String(threads)], threads };
}

function numpyKernel() {
  const file = join(root, "benchmarks", "peers", "numpy_kernel.py");
  return { label: "NumPy", command: (size) => ["/usr/bin/python3", file, String(size)], threads: 1 };
}

function sonde(job, threads) {
  const file = join(root, "benchmarks", "peers", "sonde.mjs");
  return { label: "Sonde", command: (size) => [process.execPath, file, job, String(size), String(threads)], threads };
}
