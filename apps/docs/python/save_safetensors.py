"""Save the weights of a PyTorch network, and activations in order, as safetensors."""

import json

import torch
from safetensors.torch import save_file
from torch import nn

if __name__ == "__main__":
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4)).eval()
    # The weights: sonde inspect weights.safetensors
    save_file(net.state_dict(), "weights.safetensors", metadata={"format": "pt"})

    # Activations: sonde check recorded.safetensors. Such a file does not keep the order of its tensors, so it is written down.
    recorded, h = {"input": torch.randn(128, 16)}, None
    with torch.no_grad():
        h = recorded["input"]
        for name, module in net.named_children():
            h = module(h)
            if isinstance(module, nn.ReLU):
                recorded[f"relu{name}"] = h.contiguous()
    recorded["logits"] = h.contiguous()
    save_file(recorded, "recorded.safetensors", metadata={"order": json.dumps(list(recorded))})
