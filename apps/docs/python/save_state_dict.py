"""Save the weights of a PyTorch network alone, for `sonde inspect weights.pt`: no program is in such a file."""

import torch
from torch import nn

if __name__ == "__main__":
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))
    torch.save(net.state_dict(), "weights.pt")
