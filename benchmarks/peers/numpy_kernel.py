"""NumPy's side of the kernel benchmark, written as a good user would: float64, whole matrices, buffers reused.

    python3 benchmarks/peers/numpy_kernel.py SIZE
"""

import sys

import numpy as np
from serve import serve

points, inputs, depth = 1000, 64, 20


def kernels(x):
    """NNGP and NTK of 20 ReLU layers of weight variance 2 and a linear output layer (Cho and Saul 2009)."""
    k = x @ x.T
    k *= 2 / inputs
    t = k.copy()
    s, c, rest, sine = (np.empty_like(k) for _ in range(4))
    for _ in range(depth):
        sd = np.sqrt(np.diag(k))
        np.multiply.outer(sd, sd, out=s)
        np.divide(k, s, out=c)
        np.clip(c, -1, 1, out=c)
        np.arccos(c, out=rest)
        np.subtract(np.pi, rest, out=rest)
        rest /= np.pi
        t *= rest
        np.multiply(c, c, out=sine)
        np.subtract(1, sine, out=sine)
        np.sqrt(sine, out=sine)
        sine /= np.pi
        np.multiply(rest, c, out=k)
        k += sine
        k *= s
        t += k
    return k, t


size = int(sys.argv[1])
i, j = np.indices((points, inputs))
x = np.sin(1 + 0.37 * i + 1.91 * j * j)


def work():
    for _ in range(size):
        k, t = kernels(x)
    return float((k.mean() + t.mean()) / 2), 0


serve(lambda: work)
