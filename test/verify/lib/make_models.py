"""Networks that PyTorch exports, with an input and what PyTorch puts out: python3 make_models.py FOLDER [NAME ...]. One folder entry each: NAME.onnx, NAME-in.npy, NAME-out.npy; random weights, nothing is downloaded."""

import sys
import warnings

import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
folder, wanted = sys.argv[1], sys.argv[2:]
MODELS = {}


def model(make):
    MODELS[make.__name__] = make
    return make


def double(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.bottom = double(3, 8), double(8, 16), double(16, 32)
        self.up2, self.up1 = nn.ConvTranspose2d(32, 16, 2, stride=2), nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1)
        self.join2, self.join1, self.head = double(32, 16), double(16, 8), nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        c = self.bottom(F.avg_pool2d(b, 3, 2, 1))
        d = self.join2(torch.cat([self.up2(c), b], 1))
        return self.head(self.join1(torch.cat([self.up1(d), a], 1)))


class Separable(nn.Module):
    def __init__(self):
        super().__init__()

        def block(i, o, s):
            return nn.Sequential(
                nn.Conv2d(i, i, 3, s, 1, groups=i, bias=False), nn.BatchNorm2d(i), nn.ReLU6(), nn.Conv2d(i, o, 1), nn.Hardswish()
            )

        self.body = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), block(8, 16, 1), block(16, 24, 2), nn.Conv2d(24, 24, 5, padding=4, dilation=2, groups=4), nn.SiLU())
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        return self.head(self.body(x).mean([2, 3]))


class Text(nn.Module):
    def __init__(self, cell, **options):
        super().__init__()
        self.table = nn.Embedding(50, 12)
        self.cell = cell(12, 16, batch_first=True, **options)
        self.head = nn.Linear(16 * (2 if options.get("bidirectional") else 1), 3)

    def forward(self, words):
        out, _ = self.cell(self.table(words))
        return self.head(out[:, -1])


class Gpt(nn.Module):
    def __init__(self, size=24, heads=3, steps=10):
        super().__init__()
        self.heads = heads
        self.table, self.places = nn.Embedding(40, size), nn.Parameter(torch.randn(1, steps, size) * 0.02)
        self.norm1, self.norm2, self.norm = nn.LayerNorm(size), nn.LayerNorm(size), nn.LayerNorm(size)
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.mlp = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))
        self.register_buffer("mask", torch.tril(torch.ones(steps, steps)))

    def forward(self, words):
        x = self.table(words) + self.places[:, : words.shape[1]]
        b, t, c = x.shape
        q, k, v = [part.view(b, t, self.heads, c // self.heads).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(c, 2)]
        a = (q @ k.transpose(-2, -1)) / (c // self.heads) ** 0.5
        a = a.masked_fill(self.mask[:t, :t] == 0, float("-inf")).softmax(-1)
        x = x + self.out((a @ v).transpose(1, 2).reshape(b, t, c))
        x = x + self.mlp(self.norm2(x))
        return self.norm(x) @ self.table.weight.t()


class Mixed(nn.Module):
    """What people write in between."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(4, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.InstanceNorm2d(8, affine=True)
        self.gate, self.prelu = nn.Conv2d(8, 8, 1), nn.PReLU(8)
        self.shuffle, self.last = nn.PixelShuffle(2), nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect")

    def forward(self, x):
        y = self.prelu(self.b(self.a(x)))
        y = y * torch.sigmoid(self.gate(y)) + 0.5 * self.c(y)
        y = F.interpolate(self.shuffle(y), scale_factor=2, mode="nearest")
        y = F.leaky_relu(self.last(y), 0.2)
        return F.softplus(y.flatten(1).view(x.shape[0], 3, -1)).topk(3)[0] if False else F.mish(y).clamp(-1, 2).transpose(1, 2)


def images(n=2, c=3, s=16):
    return torch.randn(n, c, s, s)


def words(n=2, t=10, entries=40):
    return torch.randint(0, entries, (n, t))


@model
def unet():
    return UNet(), images()


@model
def separable():
    return Separable(), images()


@model
def lstm():
    return Text(nn.LSTM), words()


@model
def lstm_both_ways():
    return Text(nn.LSTM, bidirectional=True, num_layers=2), words()


@model
def gru():
    return Text(nn.GRU), words()


@model
def rnn():
    return Text(nn.RNN, nonlinearity="relu"), words()


@model
def gpt():
    return Gpt(), words()


@model
def mixed():
    return Mixed(), images(2, 4, 8)


@model
def transformer_layer():
    return nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu", norm_first=True), torch.randn(2, 6, 16)


@model
def attention():
    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.MultiheadAttention(16, 4, batch_first=True)

        def forward(self, x):
            return self.inner(x, x, x, need_weights=False)[0]

    return Attention(), torch.randn(2, 6, 16)


@model
def audio():
    return nn.Sequential(nn.Conv1d(2, 8, 5, 2, 2), nn.ELU(), nn.MaxPool1d(2), nn.Conv1d(8, 8, 3, dilation=2), nn.Tanh(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 2)), torch.randn(2, 2, 40)


@model
def volume():
    return nn.Sequential(nn.Conv3d(1, 4, 3, padding=1), nn.SELU(), nn.AvgPool3d(2), nn.Flatten(), nn.Linear(4 * 4**3, 3), nn.LogSoftmax(1)), torch.randn(2, 1, 8, 8, 8)


@model
def normed_weights():
    return nn.Sequential(nn.utils.weight_norm(nn.Linear(6, 8)), nn.Softsign(), nn.utils.spectral_norm(nn.Linear(8, 8)), nn.CELU(), nn.Linear(8, 2), nn.Sigmoid()), torch.randn(3, 6)


@model
def resized():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False), nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(4, 2, 3, stride=(2, 1)), nn.MaxPool2d(3, 2, 1, ceil_mode=True)), images()


for name, size in {"mobilenet_v3_small": 64, "efficientnet_b0": 64, "densenet121": 64, "googlenet": 64, "shufflenet_v2_x0_5": 64, "squeezenet1_1": 64, "regnet_y_400mf": 64, "mnasnet0_5": 64, "swin_t": 64}.items():

    def build(name=name, size=size):
        options = {"init_weights": True, "aux_logits": False} if name == "googlenet" else {}
        return getattr(torchvision.models, name)(weights=None, **options), images(2, 3, size)

    MODELS[name] = build


@model
def resnet18():
    return torchvision.models.resnet18(weights=None), images(2, 3, 224)


class NoNorm(nn.Identity):
    def __init__(self, *_):
        super().__init__()


@model
def resnet18_without_norm():
    return torchvision.models.resnet18(weights=None, norm_layer=NoNorm), images(2, 3, 224)


@model
def resnet50():
    return torchvision.models.resnet50(weights=None), images(2, 3, 224)


@model
def convnext_tiny():
    return torchvision.models.convnext_tiny(weights=None), images(2, 3, 224)


@model
def vit_b_16():
    net = torchvision.models.vit_b_16(weights=None)
    # Its head begins at zero, which would compare nothing.
    nn.init.normal_(net.heads.head.weight, std=0.02)
    return net, images(2, 3, 224)


class Scaled(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.norm, self.act = nn.LayerNorm(6), nn.LeakyReLU(slope)

    def forward(self, x):
        return self.act(self.norm(x))


class Called(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.fc, self.scaled = nn.Linear(6, 6), Scaled(slope)

    def forward(self, x):
        return x + self.scaled(self.fc(x))


@model
def functions():
    return nn.Sequential(Called(0.1), Called(0.3), Called(0.1), nn.Linear(6, 3)), torch.randn(4, 6)


def export(name, net, x, keep=True, opset=13, **extra):
    path = f"{folder}/{name}.onnx"
    if keep:
        extra |= {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    torch.onnx.export(net, x, path, opset_version=opset, input_names=["input"], output_names=["output"], dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}}, **extra)
    with torch.no_grad():
        y = net(x)
    np.save(f"{folder}/{name}-in.npy", x.numpy())
    np.save(f"{folder}/{name}-out.npy", y.float().numpy())
    return path


for name, make in MODELS.items():
    if wanted and name not in wanted:
        continue
    torch.manual_seed(0)
    net, x = make()
    net.eval()
    if isinstance(net, UNet):
        export(f"{name}_folded", net, x, keep=False)
        export(f"{name}_opset9", net, x, keep=False, opset=9)
        trained = UNet().train()
        torch.onnx.export(trained, x, f"{folder}/{name}_training.onnx", training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False, opset_version=15)
        with torch.no_grad():
            np.save(f"{folder}/{name}_training-out.npy", trained(x).numpy())
        np.save(f"{folder}/{name}_training-in.npy", x.numpy())
        # Weights beside the file, as PyTorch 2.9 writes them.
        whole = onnx.load(f"{folder}/{name}_folded.onnx")
        onnx.save_model(whole, f"{folder}/{name}_external.onnx", save_as_external_data=True, location=f"{name}_external.data", size_threshold=16)
        for end in ("in", "out"):
            np.save(f"{folder}/{name}_external-{end}.npy", np.load(f"{folder}/{name}_folded-{end}.npy"))
    if name == "gpt":
        export("gpt_opset17", net, x, keep=False, opset=17)
    if name == "separable":
        # bfloat16 weights behind casts, as exporters write them.
        rounded = Separable().eval()
        rounded.load_state_dict({k: v.bfloat16().float() if v.dtype == torch.float32 else v for k, v in rounded.state_dict().items()})
        path = export("separable_bf16", rounded, x)
        proto = onnx.load(path)
        casts = []
        for tensor in proto.graph.initializer:
            if tensor.data_type == onnx.TensorProto.FLOAT:
                values = onnx.numpy_helper.to_array(tensor).astype(np.float32)
                tensor.ClearField("float_data")
                tensor.raw_data = (values.view(np.uint32) >> 16).astype(np.uint16).tobytes()
                tensor.data_type = onnx.TensorProto.BFLOAT16
                plain, tensor.name = tensor.name, f"{tensor.name}.bf16"
                casts.append(onnx.helper.make_node("Cast", [tensor.name], [plain], to=onnx.TensorProto.FLOAT))
        nodes = casts + list(proto.graph.node)
        del proto.graph.node[:]
        proto.graph.node.extend(nodes)
        onnx.save(proto, path)
    if name == "functions":
        # Modules become functions of the file's own, whose attributes are those of their calls.
        export(name, net, x, opset=15, export_modules_as_functions={Called, Scaled, nn.LeakyReLU})
    else:
        export(name, net, x)
    print(name, flush=True)

# Weights alone, which names and shapes give away; running statistics that are not those that they begin with.
for name in ["resnet18", "resnet50", "resnext50_32x4d", "vgg11_bn", "alexnet"]:
    if wanted and f"{name}_weights" not in wanted:
        continue
    torch.manual_seed(0)
    net = getattr(torchvision.models, name)(weights=None).eval()
    for key, values in net.named_buffers():
        if key.endswith("running_mean"):
            values.normal_(0, 0.1)
        if key.endswith("running_var"):
            values.uniform_(0.5, 1.5)
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        y = net(x)
    torch.save(net.state_dict(), f"{folder}/{name}_weights.pt")
    np.save(f"{folder}/{name}_weights-in.npy", x.movedim(1, -1).contiguous().numpy())
    np.save(f"{folder}/{name}_weights-out.npy", y.numpy())
    print(name, flush=True)
