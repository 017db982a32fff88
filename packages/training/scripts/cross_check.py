"""What becomes of random networks by PyTorch alone: its own random numbers, layers, gradients, optimisers and batches, and the rules of the README's table of outcomes written anew. cross-check.mjs
asks it, and sets its counts beside those of Sonde.

    python3 cross_check.py SETTINGS    SETTINGS is the JSON of cross-check.mjs; prints the counts of each setting as JSON
"""

import json
import math
import sys

import torch

torch.set_num_threads(1)
HALF = math.sqrt(3)
TARGETS = {
    "|x|": lambda x: x.abs(),
    "x sin 5x": lambda x: x * torch.sin(5 * x),
    "tanh 3x": lambda x: torch.tanh(3 * x),
    "exp(-x^2)": lambda x: torch.exp(-x * x),
    "1[x > 0.5]": lambda x: (x > 0.5).float(),
    "x1 x2": lambda x: x[..., :1] * x[..., 1:],
}
VARIANCES = {
    "he-normal": lambda i, o: 2 / i,
    "glorot-normal": lambda i, o: 2 / (i + o),
    "lecun-normal": lambda i, o: 1 / i,
}


def data_of(setting):
    """Points, targets, and the points at which outputs are probed."""
    if setting["target"] == "xor":
        x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        return x, torch.tensor([[0.0], [1.0], [1.0], [0.0]]), x
    inputs = setting["widths"][0]
    x = HALF * (2 * torch.rand(setting["points"], inputs) - 1)
    axis = torch.linspace(-HALF, HALF, 201 if inputs == 1 else 21)
    probe = axis[:, None] if inputs == 1 else torch.cartesian_prod(axis, axis)
    return x, TARGETS[setting["target"]](x), probe


def optimizer_of(setting, parameters):
    rate = setting["learningRate"]
    return {
        "sgd": lambda: torch.optim.SGD(parameters, lr=rate),
        "momentum": lambda: torch.optim.SGD(parameters, lr=rate, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(parameters, lr=rate, momentum=0.9, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, lr=rate),
        "adam": lambda: torch.optim.Adam(parameters, lr=rate),
        "adamw": lambda: torch.optim.AdamW(parameters, lr=rate),
    }[setting["optimizer"]]()


def losses_of(name, y, t):
    """The mean loss of every network. [networks, points, outputs] twice -> [networks]"""
    if name == "cross-entropy":
        flat = torch.nn.functional.cross_entropy(y.flatten(0, 1), t.long().flatten(), reduction="none")
        return flat.view(y.shape[0], -1).mean(1)
    each = {
        "mse": torch.nn.functional.mse_loss,
        "mae": torch.nn.functional.l1_loss,
        "huber": torch.nn.functional.huber_loss,
    }[name](y, t, reduction="none")
    return each.mean((1, 2))


def run(setting, runs, seed):
    torch.manual_seed(seed)
    widths, batch, steps = setting["widths"], setting["batch"], setting["steps"]
    x, t, probe = data_of(setting)
    points = len(x)
    weights, biases = [], []
    for i, o in zip(widths[:-1], widths[1:]):
        sd = math.sqrt(VARIANCES[setting["init"]](i, o))
        weights.append((sd * torch.randn(runs, i, o)).requires_grad_())
        bias = sd * torch.randn(runs, 1, o) if setting.get("bias") == "like-weights" else torch.zeros(runs, 1, o)
        biases.append(bias.requires_grad_())
    act = {"relu": torch.relu, "tanh": torch.tanh}[setting.get("activation", "relu")]

    def forward(h):
        for layer, (w, b) in enumerate(zip(weights, biases)):
            h = torch.baddbmm(b, h, w)
            if layer < len(weights) - 1:
                h = act(h)
        return h

    optimizer = optimizer_of(setting, weights + biases)
    cosine = setting.get("schedule") == "cosine"
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps) if cosine else None
    for step in range(steps):
        at = step % (points // batch)
        if at == 0:
            orders = torch.rand(runs, points).argsort(1)
        rows = orders[:, at * batch : (at + 1) * batch]
        loss = losses_of(setting["loss"], forward(x[rows]), t[rows]).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if schedule:
            schedule.step()
    with torch.no_grad():
        y = forward(x.expand(runs, -1, -1))
        seen = forward(probe.expand(runs, -1, -1))
        everything = torch.cat([p.flatten(1) for p in weights + biases], 1)
        losses = losses_of(setting["loss"], y, t.expand(runs, -1, -1))
    counts = {}
    for k in range(runs):
        finite = bool(everything[k].isfinite().all() and losses[k].isfinite() and seen[k].isfinite().all())
        outcome = outcome_of(setting, t, losses[k].item(), y[k], seen[k]) if finite else "diverged"
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def outcome_of(setting, t, loss, y, seen):
    name, classes = setting["loss"], setting["target"] == "xor"
    if classes:
        told = y.argmax(1, keepdim=True).float() if y.shape[1] > 1 else (y > 0.5).float()
        majority = max(t.mean().item(), 1 - t.mean().item())
        skill = ((told == t).float().mean().item() - majority) / (1 - majority)
    else:
        skill = 1 - loss / best_constant_loss(name, t)
    if skill >= (0.75 if classes else 0.9):
        return "learned"
    if (seen.max(0).values - seen.min(0).values).max() >= 1e-3:
        return "rest"
    if name == "cross-entropy":
        share = t.mean().item()
        entropy = -(share * math.log(share) + (1 - share) * math.log(1 - share))
        return "collapsedMean" if loss <= 1.01 * entropy else "collapsedOther"
    c, mean, median = seen.mean(0), t.mean(0), t.median(0).values
    squares = ((t - c) ** 2).mean().item() / ((t - mean) ** 2).mean().item() - 1
    sizes = (t - c).abs().mean().item() / (t - median).abs().mean().item() - 1
    if squares > 0.01 and sizes > 0.01:
        return "collapsedOther"
    if (mean - median).abs().item() < 0.02 * t.std(unbiased=False).item():
        return "collapsedMedian" if name == "mae" else "collapsedMean"
    if squares <= 0.01 and sizes <= 0.01:
        return "collapsedMean" if squares <= sizes else "collapsedMedian"
    return "collapsedMean" if squares <= 0.01 else "collapsedMedian"


def best_constant_loss(name, t):
    if name == "mse":
        return t.var(unbiased=False).item()
    if name == "mae":
        return (t - t.median()).abs().mean().item()
    low, high = t.min().item(), t.max().item()
    constants = torch.linspace(low, high, 4001)
    return min(torch.nn.functional.huber_loss(c.expand_as(t), t).item() for c in constants)


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps([run(setting, asked["runs"], 12345 + k) for k, setting in enumerate(asked["settings"])]))
