"""PyTorch's side of the benchmarks of training: many networks at once by batched products, autograd and torch.optim.Adam. Networks, points and batches are those of
Sonde's side, so that both must find the same losses: the mean loss of the networks at the step that is compared.

    python3 benchmarks/peers/training.py JOB STEPS NODE SCRIPT
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from serve import serve


def start(job, steps, node, script):
    """The sizes, the networks' weights and biases by layers, and the points with their targets."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([node, script, job, str(steps), folder], check=True)
        sizes = json.loads(pathlib.Path(folder, "start.json").read_text())
        floats = torch.from_numpy(numpy.fromfile(pathlib.Path(folder, "floats"), dtype=numpy.float32))
    runs, widths, points = sizes["runs"], sizes["widths"], sizes["points"]
    shapes = list(zip(widths[:-1], widths[1:]))
    count = sum((i + 1) * o for i, o in shapes)
    networks = floats[: runs * count].view(runs, count)
    weights, biases, first = [], [], 0
    for i, o in shapes:
        weights.append(networks[:, first : first + i * o].reshape(runs, i, o).clone())
        biases.append(networks[:, first + i * o : first + (i + 1) * o].reshape(runs, 1, o).clone())
        first += (i + 1) * o
    rest = floats[runs * count :]
    inputs = rest[: points * widths[0]].view(points, widths[0]).clone()
    targets = rest[points * widths[0] :].view(points, sizes["targets"]).clone()
    return sizes, weights, biases, inputs, targets


def train(steps, sizes, weights, biases, inputs, targets):
    runs = sizes["runs"]
    classes = sizes["loss"] == "cross-entropy"
    parameters = [p.requires_grad_() for p in weights + biases]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    compared = None
    for step in range(steps):
        rows = torch.tensor(sizes["batches"][step])
        h = inputs[rows].expand(runs, -1, -1)
        for layer, (w, b) in enumerate(zip(weights, biases)):
            h = torch.baddbmm(b, h, w)
            if layer < len(weights) - 1:
                h = torch.relu(h)
        # The sum over networks of their mean losses: each network has its own gradient.
        if classes:
            loss = torch.nn.functional.cross_entropy(h.flatten(0, 1), targets[rows].repeat(runs), reduction="sum") / len(rows)
        else:
            loss = (h - targets[rows]).square().mean((1, 2)).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if step + 1 == sizes["compared"]:
            compared = loss.item() / runs
    return compared, 0


job, steps, node, script = sys.argv[1:]
torch.set_num_threads(1)
sizes, weights, biases, inputs, targets = start(job, int(steps), node, script)
if sizes["loss"] == "cross-entropy":
    targets = targets.long().flatten()


def prepare():
    w, b = [x.clone() for x in weights], [x.clone() for x in biases]
    return lambda: train(int(steps), sizes, w, b, inputs, targets)


serve(prepare)
