"""NumPy's side of the VNI's benchmark, the script that one would write.

    python3 benchmarks/peers/numpy_vni.py DTYPE POINTS
"""

import sys

import numpy as np
from serve import serve

UNITS = 4096
BLOCK = 500


def layer(points):
    """float32 activations [points, units]: ReLU of a block of hashed numbers, repeated, so that the answer does not depend on the number of points."""
    k = np.arange(BLOCK * UNITS, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        k = (k ^ (k >> np.uint32(shift))) * np.uint32(factor)
    k ^= k >> np.uint32(16)
    block = np.maximum(0, (k >> np.uint32(8)).astype(np.float32) / np.float32(2**24) - np.float32(0.5)).reshape(BLOCK, UNITS)
    return np.tile(block, (points // BLOCK, 1))


dtype, points = sys.argv[1:]
x = layer(int(points))


def work():
    r = np.corrcoef(x, rowvar=False, dtype=dtype)
    r *= r
    return float(r.mean()), 0


serve(lambda: work)
