"""Writes recorded.npz: activations of a tanh network whose weights are too small, on 200 normal points."""
from pathlib import Path

import numpy as np

random = np.random.default_rng(0)
x = random.normal(size=(200, 16))
arrays = {"input": x}
for layer in range(1, 13):
    x = np.tanh(x @ random.normal(scale=0.3 / x.shape[1] ** 0.5, size=(x.shape[1], 32)))
    arrays[f"tanh{layer}"] = x
np.savez_compressed(Path(__file__).with_name("recorded.npz"), **{name: array.astype(np.float32) for name, array in arrays.items()})
