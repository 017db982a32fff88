import { join } from "node:path";
import { root } from "../scripts/lib/root.mjs";

const peers = join(root, "benchmarks", "peers");
const python = "/usr/bin/python3";

/** Holds OpenBLAS, and with it PyTorch's products, to the vectors of 256 bits that processors without AVX-512 have. */
const avx2 = { OPENBLAS_CORETYPE: "Haswell", ATEN_CPU_CAPABILITY: "avx2" };

const living8 = (1 - 2 ** -8) ** 20;

/**
 * The jobs, in the order of the table. Seconds are reported for `full` units of the size; a round is `size` of them, and the two sides may have rounds of different sizes where their speeds are far
 * apart. With `tolerance` both compute the same number, up to so much of it. With `standardError` instead of `full` they are those that a side takes to reach that error. `expected` is the exact answer,
 * where there is one. `products` are the multiplications of one unit, each with its addition, where they are what takes time.
 */
export const jobs = [
  {
    name: "width-8",
    title: "50,000 networks, 64 points, width 8, depth 20, explicit weights, living ratio",
    target: 5,
    products: 64 * 20 * 8 * 8,
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", 25_000),
  },
  {
    name: "width-8-kernels",
    title: "the same, Sonde's kernels called directly",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8-kernels", 25_000),
  },
  {
    name: "width-8-avx2",
    title: "the first job, PyTorch held to 256-bit vectors",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", 25_000, undefined, 1, avx2),
  },
  {
    name: "width-64",
    title: "2,000 networks, 64 points, width 64, depth 20, explicit weights, living ratio",
    target: 2,
    products: 64 * (8 * 64 + 19 * 64 * 64),
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64", 1000),
  },
  {
    name: "width-64-kernels",
    title: "the same, Sonde's kernels called directly",
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64-kernels", 1000),
  },
  {
    name: "width-64-avx2",
    title: "the same job, PyTorch held to 256-bit vectors",
    full: 2000,
    expected: (1 - 2 ** -64) ** 20,
    sides: against("width-64", "width-64", 1000, undefined, 1, avx2),
  },
  {
    name: "angle",
    title: "angle of two inputs at width 1024, depth 100, one network (PyTorch: explicit weights; Sonde: `law`)",
    target: 200,
    full: 1,
    sides: against("angle", "angle", 2, 400),
  },
  {
    name: "wide",
    title: "512 points through width 1024, depth 20, one network after another (Sonde: kernels called directly)",
    target: 1.2,
    products: 512 * 1024 * 1024 * 20,
    full: 1,
    expected: 1,
    sides: against("wide", "wide", 4),
  },
  {
    name: "wide-avx2",
    title: "the same, PyTorch held to 256-bit vectors",
    full: 1,
    expected: 1,
    sides: against("wide", "wide", 4, undefined, 1, avx2),
  },
  {
    name: "conditional",
    title:
      "P(born dead) of networks 1-4x10-1 on [-1, 1] to a standard error of 10^-4 (PyTorch counts with two inputs; Sonde: `conditional`)",
    target: 20,
    standardError: 1e-4,
    sides: against("born-dead", "born-dead", 1_000_000, 300_000),
  },
  {
    name: "normals",
    title: "1,000,000 standard normals, float32",
    target: 3,
    full: 1,
    expected: 1,
    sides: against("normals", "normals", 150, 400),
  },
  {
    name: "kernel",
    title: "NNGP and NTK of 1000 points, 20 ReLU layers, float64 (NumPy: whole matrices; Sonde: `infiniteWidthKernel`)",
    target: 1,
    full: 1,
    sides: [numpyKernel(4), sonde("kernel", 1, 4)],
  },
  // Of two threads rounds are long.
  {
    name: "width-8-two-threads",
    title: "the first job, two threads against two (seconds of the clock)",
    clock: "wall",
    full: 50_000,
    expected: living8,
    sides: against("width-8", "width-8", 150_000, 400_000, 2),
  },
  {
    name: "moments",
    title:
      "signal and noise moments of one network, width 512, depth 50, batch 128, batch norm: every place, both effective ranks of every layer",
    target: 1.3,
    products: 2 * 128 * 512 * 512 * 50,
    full: 1,
    sides: against("moments", "moments", 4),
  },
  {
    name: "moments-conv",
    title: "the same of one convolutional network: 32 channels, 3x3 periodic, 8x8 positions, depth 20, batch 32",
    target: 1,
    products: 2 * 32 * 64 * 9 * 32 * 32 * 20,
    full: 1,
    sides: against("moments-conv", "moments-conv", 20),
  },
  {
    name: "vni",
    title: "VNI of 10,000 points x 4,096 units, float32 (NumPy: `corrcoef`, float64), one thread against one",
    target: 2,
    products: (4096 * 4097) / 2,
    full: 10_000,
    sides: againstCorrcoef("float64"),
  },
  {
    name: "vni-float32",
    title: "the same, NumPy's `corrcoef` told to use float32",
    target: 1,
    products: (4096 * 4097) / 2,
    full: 10_000,
    sides: againstCorrcoef("float32"),
  },
  {
    name: "train-narrow",
    title: "a training step of 1000 networks 1-2x9-1 on x sin 5x, batch 128, Adam (PyTorch: batched products, autograd)",
    target: 15,
    full: 1,
    tolerance: 1e-4,
    sides: training("train-narrow", 20, 400),
  },
  {
    name: "train-digits",
    title: "the same of 200 networks 64-32x8-10 on digits, batch 64, cross-entropy",
    target: 3,
    products: 200 * 64 * (3 * (64 * 32 + 7 * 32 * 32 + 32 * 10) - 64 * 32),
    full: 1,
    tolerance: 1e-4,
    sides: training("train-digits", 20, 20),
  },
  {
    name: "train-wide",
    title: "the same of 32 networks 64-128x10-10",
    target: 0.7,
    products: 32 * 64 * (3 * (64 * 128 + 9 * 128 * 128 + 128 * 10) - 64 * 128),
    full: 1,
    tolerance: 1e-4,
    sides: training("train-wide", 12, 12),
  },
  {
    name: "threads",
    title: "the first job, Sonde with one thread against Sonde with two (seconds of the clock)",
    clock: "wall",
    target: 1.8,
    full: 50_000,
    expected: living8,
    sides: [sonde("width-8", 1, 400_000), sonde("width-8", 2, 400_000)],
  },
];

/** PyTorch against Sonde. */
function against(pytorchJob, sondeJob, pytorchSize, sondeSize = pytorchSize, threads = 1, environment = {}) {
  return [{ ...pytorch(pytorchJob, threads, pytorchSize), environment }, sonde(sondeJob, threads, sondeSize)];
}

/** PyTorch against Sonde on one thread, over steps of training; both train the very same networks on the same batches. */
function training(job, pytorchSize, sondeSize) {
  const script = join(peers, "training.mjs");
  return [
    side("PyTorch", 1, pytorchSize, [python, join(peers, "training.py"), job, pytorchSize, process.execPath, script]),
    side("Sonde", 1, sondeSize, [process.execPath, script, job, sondeSize]),
  ];
}

/** NumPy against Sonde on one thread, over points. */
function againstCorrcoef(dtype) {
  const size = 10_000;
  return [side("NumPy", 1, size, [python, join(peers, "numpy_vni.py"), dtype, size]), sonde("vni", 1, size)];
}

function numpyKernel(size) {
  return side("NumPy", 1, size, [python, join(peers, "numpy_kernel.py"), size]);
}

function pytorch(job, threads, size) {
  return side("PyTorch", threads, size, [python, join(peers, "pytorch.py"), job, size, threads]);
}

function sonde(job, threads, size) {
  return side("Sonde", threads, size, [process.execPath, join(peers, "sonde.mjs"), job, size, threads]);
}

function side(label, threads, size, command) {
  return { label, threads, size, command: command.map(String) };
}
