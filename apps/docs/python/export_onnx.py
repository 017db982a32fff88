"""Export a PyTorch network to ONNX as it is, for `sonde inspect model.onnx` and `sonde check model.onnx`."""

import torch
from torch import nn


def export(model: nn.Module, x: torch.Tensor, path: str) -> None:
    """`model` with its batch norms, which the exporter otherwise folds into the convolutions before them."""
    model.eval()  # batch norm by its running statistics, no dropout
    torch.onnx.export(
        model,
        x,
        path,
        training=torch.onnx.TrainingMode.PRESERVE,  # as eval() left it, without folding
        do_constant_folding=False,
        input_names=["input"],
        output_names=["logits"],
        dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}},
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )
    export(net, torch.randn(2, 3, 16, 16), "model.onnx")
