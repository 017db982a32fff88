"""Record what a PyTorch network does to its inputs, for `sonde check recorded.npz`."""

import numpy as np
import torch
from torch import nn

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Hardswish, nn.Mish)


def channels_last(a: torch.Tensor) -> np.ndarray:
    """PyTorch's images are [points, channels, height, width]; Sonde takes [points, height, width, channels]."""
    a = a.detach().cpu()
    return (a.movedim(1, -1) if a.dim() >= 4 else a).contiguous().numpy()


def record(model: nn.Module, x: torch.Tensor, path: str, seed: int = 0) -> None:
    """Every activation of `model` at the inputs `x`, what went into it (NAME.pre), and the gradient at it (NAME.grad) for
    random errors of unit variance at the outputs."""
    recorded, pre, post, hooks, calls = {"input": channels_last(x)}, {}, {}, [], {}

    def before(name):
        def hook(_module, inputs):
            # A clone, since an activation in place overwrites it.
            calls[name] = calls.get(name, 0) + 1
            pre[label(name)] = inputs[0].detach().clone()
        return hook

    def after(name):
        def hook(_module, _inputs, output):
            # A copy is recorded, and its gradient kept: what follows may change the original in place.
            output = output.clone()
            output.retain_grad()
            post[label(name)] = output
            return output
        return hook

    def label(name):
        # A module that is called twice is two layers, as the second ReLU of a residual block.
        return name if calls[name] == 1 else f"{name}_{calls[name]}"

    for name, module in model.named_modules():
        if isinstance(module, ACTIVATIONS):
            hooks += [module.register_forward_pre_hook(before(name)), module.register_forward_hook(after(name))]
    try:
        y = model(x.clone().requires_grad_())
        y.backward(torch.randn(y.shape, dtype=y.dtype, generator=torch.Generator().manual_seed(seed)))
    finally:
        for hook in hooks:
            hook.remove()
    for name, output in post.items():
        recorded[name] = channels_last(output)
        recorded[f"{name}.pre"] = channels_last(pre[name])
        if output.grad is not None:
            recorded[f"{name}.grad"] = channels_last(output.grad)
    recorded["logits"] = channels_last(y)
    np.savez(path, **recorded)


if __name__ == "__main__":
    torch.manual_seed(0)
    layers = [nn.Linear(64, 10), nn.ReLU()]
    for _ in range(19):
        layers += [nn.Linear(10, 10), nn.ReLU()]
    # float64, since angles below e^-13 are lost to rounding in float32.
    net = nn.Sequential(*layers, nn.Linear(10, 3)).double().eval()
    record(net, torch.randn(256, 64, dtype=torch.float64), "recorded.npz")
