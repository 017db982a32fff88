"""PyTorch's side of the benchmarks, written as a good user would: buffers made once, one process a job (serve.py).

    python3 benchmarks/peers/pytorch.py JOB SIZE THREADS
"""

import math
import sys

import torch
from serve import serve


def ensemble(networks, width, chunk, points=64, inputs=8, depth=20):
    """The share of points alive in the last layer of networks of explicit He weights, `chunk` networks a batched product."""
    x = torch.randn(points, inputs).expand(chunk, points, inputs)
    weights = [torch.empty(chunk, inputs if layer == 0 else width, width) for layer in range(2)]
    buffers = [torch.empty(chunk, points, width) for _ in range(2)]
    ratios = []
    for first in range(0, networks, chunk):
        h = x
        for layer in range(depth):
            w = weights[min(layer, 1)].normal_(0, math.sqrt(2 / h.shape[2]))
            h = torch.bmm(h, w, out=buffers[layer % 2]).relu_()
        ratios.append(h.any(2).double().mean(1)[: networks - first])
    ratios = torch.cat(ratios)
    return ratios.mean().item(), ratios.std().item() / math.sqrt(networks)


def angle(networks, width=1024, depth=100):
    """The mean of ln sin^2 of the angle between two orthogonal inputs after the last layer."""
    w = torch.empty(width, width)
    logs = []
    for _ in range(networks):
        h = torch.eye(2, width)
        for _ in range(depth):
            h = torch.mm(h, w.normal_(0, math.sqrt(2 / width))).relu_()
        a, b = (h.double() / h.double().norm(dim=1, keepdim=True)).unbind()
        logs.append(2 * math.log((a - b).norm().item() * (a + b).norm().item() / 2))
    logs = torch.tensor(logs, dtype=torch.float64)
    return logs.mean().item(), logs.std().item() / math.sqrt(networks)


def born_dead(networks, width=4, depth=10, chunk=4096):
    """The share of networks with a layer that is zero at -1 and at 1, and so on all of [-1, 1]: a dead layer stays dead, so the last one tells."""
    x = torch.tensor([[-1.0], [1.0]]).expand(chunk, 2, 1)
    weights = [torch.empty(chunk, 1 if layer == 0 else width, width) for layer in range(2)]
    buffers = [torch.empty(chunk, 2, width) for _ in range(2)]
    dead = 0
    for first in range(0, networks, chunk):
        h = x
        for layer in range(depth):
            w = weights[min(layer, 1)].normal_(0, math.sqrt(2 / h.shape[2]))
            h = torch.bmm(h, w, out=buffers[layer % 2]).relu_()
        dead += (~h.flatten(1).any(1))[: networks - first].sum().item()
    share = dead / networks
    return share, math.sqrt(share * (1 - share) / networks)


def wide(networks, points=512, width=1024, depth=20):
    """The mean square of the last layer, whose expectation is the input's, 1."""
    w = torch.empty(width, width)
    x = torch.randn(points, width)
    x /= x.square().mean().sqrt()
    buffers = [torch.empty(points, width) for _ in range(2)]
    squares = []
    for _ in range(networks):
        h = x
        for layer in range(depth):
            h = torch.mm(h, w.normal_(0, math.sqrt(2 / width)), out=buffers[layer % 2]).relu_()
        squares.append(h.square().mean().item())
    squares = torch.tensor(squares, dtype=torch.float64)
    return squares.mean().item(), squares.std().item() / math.sqrt(networks)


def normals(fills, count=1_000_000):
    """The mean square of the last of `fills` buffers of a million normals."""
    z = torch.empty(count)
    for _ in range(fills):
        z.normal_()
    return z.double().square().mean().item(), math.sqrt(2 / count)


def moments(networks, width=512, depth=50, points=128, side=None, epsilon=1e-3):
    """The mean of ln chi after the last layer of batch-normalised networks, with the moments of signal and noise at every place and both effective ranks after every activation. With `side` layers are 3x3 periodic convolutions of side x side positions."""
    shape = (width,) if side is None else (width, side, side)
    over = (0,) if side is None else (0, 2, 3)
    w = torch.empty((width, width) if side is None else (width, width, 3, 3))
    both = [torch.empty(2 * points, width) for _ in range(2)]
    logs = []

    def layer_output(h, layer):
        if side is None:
            return torch.mm(h, w.normal_(0, math.sqrt(2 / width)), out=both[layer % 2])
        padded = torch.nn.functional.pad(h, (1, 1, 1, 1), mode="circular")
        return torch.nn.functional.conv2d(padded, w.normal_(0, math.sqrt(2 / (9 * width))))

    def centre(x):
        return x - x.mean(over, keepdim=True)

    def measure(x, dx):
        centred = centre(x)
        squares = centred.square()
        nu1, nu2, mu2, mu4 = x.abs().mean(), x.square().mean(), squares.mean(), squares.square().mean()
        return centred, torch.stack([nu1, nu2, mu2, mu4, dx.square().mean()])

    def effective_rank(centred):
        channels = centred.transpose(0, 1).reshape(width, -1)
        gram = channels.T @ channels if channels.shape[1] < width else channels @ channels.T
        return gram.trace() / torch.linalg.eigvalsh(gram)[-1]

    def log_chi(found):
        return 0.5 * (found[4].log() - found[2].log()).item()

    for _ in range(networks):
        x = centre(torch.randn(points, *shape))
        x /= x.square().mean(over, keepdim=True).sqrt()
        h = torch.cat([x, torch.randn(points, *shape)])
        start = log_chi(measure(h[:points], h[points:])[1])
        for layer in range(depth):
            h = layer_output(h, layer)
            measure(h[:points], h[points:])
            centred = centre(h[:points])
            scale = (centred.square().mean(over, keepdim=True) + epsilon).rsqrt()
            h[:points] = centred * scale
            h[points:] *= scale
            measure(h[:points], h[points:])
            h[points:] *= h[:points] > 0
            h[:points].relu_()
            centred, found = measure(h[:points], h[points:])
            effective_rank(centred)
            effective_rank(centre(h[points:]))
            h[points:] /= found[4].sqrt()
            start -= 0.5 * found[4].log().item()
        logs.append(log_chi(measure(h[:points], h[points:])[1]) - start)
    logs = torch.tensor(logs, dtype=torch.float64)
    return logs.mean().item(), logs.std().item() / math.sqrt(networks)


jobs = {
    "width-8": lambda size: ensemble(size, 8, 256),
    "width-64": lambda size: ensemble(size, 64, 8),
    "angle": angle,
    "wide": wide,
    "normals": normals,
    "born-dead": born_dead,
    "moments": moments,
    "moments-conv": lambda size: moments(size, width=32, depth=20, points=32, side=8),
}

job, size, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
with torch.inference_mode():
    serve(lambda: lambda: jobs[job](int(size)))
