"""ONNX files that Sonde does not run itself, each beside a twin of standard operators that computes the same: `python3 make_foreign_models.py FOLDER`.

Made with NumPy and onnx alone (IR 8, opset 17); weights are random, of a fixed seed. A twin NAME-twin.onnx has the same weights and the names of the same values.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
FLOAT = TensorProto.FLOAT


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def node(operator, inputs, outputs, domain="", **attributes):
    return helper.make_node(operator, inputs, outputs, name=f"{operator}_{outputs[0]}", domain=domain, **attributes)


def value(name, shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def save(name, nodes, tensors, inputs, outputs, functions=(), domains=(), data=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, tensors)
    sets = [helper.make_opsetid("", 17)] + [helper.make_opsetid(domain, 1) for domain in domains]
    model = helper.make_model(graph, producer_name="sonde-verify", ir_version=8, opset_imports=sets, functions=list(functions))
    path = os.path.join(folder, f"{name}.onnx")
    if data:
        onnx.save(model, path, save_as_external_data=True, location=data, size_threshold=0)
    else:
        onnx.save(model, path)


def dense(random, name, inputs, units, gain=2.0, shift=0.0):
    weight = random.normal(0, np.sqrt(gain / inputs), (units, inputs)).astype(np.float32)
    return [tensor(f"{name}.weight", weight), tensor(f"{name}.bias", np.full(units, shift, np.float32))]


def gemm(x, name, y):
    return node("Gemm", [x, f"{name}.weight", f"{name}.bias"], [y], transB=1)


def chain(random, depth, width, inputs=8, outputs=4):
    """Dense layers with ReLU: (weights, one list of nodes a block, the last node)."""
    tensors, blocks, at = [], [], "x"
    for k in range(depth):
        tensors += dense(random, f"fc{k}", inputs if k == 0 else width, width)
        blocks.append([gemm(at, f"fc{k}", f"pre{k}"), node("Relu", [f"pre{k}"], [f"h{k}"])])
        at = f"h{k}"
    tensors += dense(random, "head", width, outputs, gain=1.0)
    return tensors, blocks, gemm(at, "head", "y")


def if_model(data=None, name="if"):
    """A branch that ReLU or tanh is taken in, by a condition that is always true and not known before it runs."""
    random = np.random.default_rng(1)
    tensors, blocks, head = chain(random, 3, 16)
    tensors += [tensor("limit", np.float32(1e9))]
    condition = [node("ReduceMean", ["x"], ["mean"], keepdims=0), node("Less", ["mean", "limit"], ["condition"])]
    branch = lambda operator: helper.make_graph([node(operator, ["pre1"], [f"{operator}.out"])], operator, [], [value(f"{operator}.out", ["batch", 16])])
    choice = node("If", ["condition"], ["h1"], then_branch=branch("Relu"), else_branch=branch("Tanh"))
    io = ([value("x", ["batch", 8])], [value("y", ["batch", 4])])
    save(name, [*blocks[0], blocks[1][0], *condition, choice, *blocks[2], head], tensors, *io, data=data)
    save(f"{name}-twin", [part for block in blocks for part in block] + [head], tensors, *io)


def loop_model(steps=5):
    """h = tanh(W h) as often as a loop says, every state kept, beside the same written out."""
    random = np.random.default_rng(2)
    tensors = dense(random, "in", 8, 16) + dense(random, "again", 16, 16, gain=1.5) + dense(random, "head", 16, 4)
    body = helper.make_graph(
        [gemm("state", "again", "pre"), node("Tanh", ["pre"], ["next"]), node("Identity", ["next"], ["kept"]), node("Identity", ["go"], ["on"])],
        "body",
        [helper.make_tensor_value_info("step", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []), value("state", ["batch", 16])],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []), value("next", ["batch", 16]), value("kept", ["batch", 16])],
    )
    counts = [tensor("steps", np.int64(steps)), tensor("true", np.bool_(True))]
    io = ([value("x", ["batch", 8])], [value("y", ["batch", 4])])
    first = [gemm("x", "in", "pre0"), node("Relu", ["pre0"], ["h0"])]
    save("loop", [*first, node("Loop", ["steps", "true", "h0"], ["last", "states"], body=body), gemm("last", "head", "y")], tensors + counts, *io)
    unrolled, at = [], "h0"
    for k in range(steps):
        unrolled += [gemm(at, "again", f"pre.{k}"), node("Tanh", [f"pre.{k}"], [f"state.{k}" if k < steps - 1 else "last"])]
        at = f"state.{k}"
    save("loop-twin", [*first, *unrolled, gemm("last", "head", "y")], tensors, *io)


def lstm_model():
    """An LSTM whose sequences have lengths that are computed as it runs: all of them, as it happens."""
    random = np.random.default_rng(3)
    units, features, steps = 12, 6, 7
    edge = 1 / np.sqrt(units)
    draw = lambda *shape: random.uniform(-edge, edge, shape).astype(np.float32)
    tensors = [tensor("lstm.weight", draw(1, 4 * units, features)), tensor("lstm.recurrent", draw(1, 4 * units, units)), tensor("lstm.bias", draw(1, 8 * units))]
    tensors += dense(random, "head", units, 4, gain=1.0)
    counting = [
        node("Shape", ["x"], ["batch.size"], start=1, end=2),
        node("ReduceSum", ["x", "axes"], ["sum"], keepdims=0),
        node("Mul", ["sum", "zero"], ["none"]),
        node("Add", ["none", "steps"], ["length"]),
        node("Cast", ["length"], ["lengths"], to=TensorProto.INT32),
    ]
    numbers = [tensor("axes", np.array([0, 2], np.int64)), tensor("zero", np.float32(0)), tensor("steps", np.float32(steps)), tensor("first", np.array([0, 1], np.int64))]
    last = [node("Squeeze", ["h", "axis"], ["hidden"]), gemm("hidden", "head", "y")]
    axis = [tensor("axis", np.array([0], np.int64))]
    io = ([value("x", [steps, "batch", features])], [value("y", ["batch", 4])])
    names = ["x", "lstm.weight", "lstm.recurrent", "lstm.bias"]
    save("lstm", [*counting, node("LSTM", [*names, "lengths"], ["all", "h"], hidden_size=units), *last], tensors + numbers + axis, *io)
    save("lstm-twin", [node("LSTM", names, ["all", "h"], hidden_size=units), *last], tensors + axis, *io)


def function_model(name="function", depth=6, width=24, inputs=8):
    """Blocks that are functions of the file's own, written in another version of the operators than the graph."""
    random = np.random.default_rng(4)
    tensors, blocks, head = chain(random, depth, width, inputs)
    own = helper.make_function(
        "example", "Block", ["a", "w", "b"], ["r"],
        [helper.make_node("Gemm", ["a", "w", "b"], ["g"], transB=1), helper.make_node("Relu", ["g"], ["r"])],
        [helper.make_opsetid("", 16)],
    )
    called = [node("Block", [block[0].input[0], f"fc{k}.weight", f"fc{k}.bias"], [f"h{k}"], domain="example") for k, block in enumerate(blocks)]
    io = ([value("x", ["batch", inputs])], [value("y", ["batch", 4])])
    save(name, [*called, head], tensors, *io, functions=[own], domains=["example"])
    save(f"{name}-twin", [part for block in blocks for part in block] + [head], tensors, *io)


def contrib_model():
    """Convolutions fused with their activation, as ONNX Runtime's own optimiser writes them, and its own GELU."""
    random = np.random.default_rng(5)
    tensors, fused, plain, at, channels = [], [], [], "x", 1
    for k in range(3):
        weight = random.normal(0, np.sqrt(2 / (channels * 9)), (8, channels, 3, 3)).astype(np.float32)
        tensors += [tensor(f"conv{k}.weight", weight), tensor(f"conv{k}.bias", np.zeros(8, np.float32))]
        names = [at, f"conv{k}.weight", f"conv{k}.bias"]
        window = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        fused.append(node("FusedConv", names, [f"h{k}"], domain="com.microsoft", activation="Relu", **window))
        plain += [node("Conv", names, [f"pre{k}"], **window), node("Relu", [f"pre{k}"], [f"h{k}"])]
        at, channels = f"h{k}", 8
    tensors += dense(random, "fc", 8 * 36, 20) + dense(random, "head", 20, 4, gain=1.0)
    tensors += [tensor("root", np.float32(np.sqrt(2))), tensor("one", np.float32(1)), tensor("half", np.float32(0.5))]
    flat = [node("Flatten", [at], ["flat"]), gemm("flat", "fc", "pre")]
    gelu = [node("Div", ["pre", "root"], ["scaled"]), node("Erf", ["scaled"], ["erf"]), node("Add", ["erf", "one"], ["more"]), node("Mul", ["pre", "more"], ["twice"]), node("Mul", ["twice", "half"], ["g"])]
    io = ([value("x", ["batch", 1, 6, 6])], [value("y", ["batch", 4])])
    last = gemm("g", "head", "y")
    save("contrib", [*fused, *flat, node("Gelu", ["pre"], ["g"], domain="com.microsoft"), last], tensors, *io, domains=["com.microsoft"])
    save("contrib-twin", [*plain, *flat, *gelu, last], tensors, *io)


def known_models():
    """Branches that are known before they run, by a constant and by the width of a value, with weights of their own under the same names; and one that depends on the number of points. Sonde runs them itself: they have no twins."""
    random = np.random.default_rng(6)
    tensors = dense(random, "fc0", 8, 16) + dense(random, "head", 16, 4, gain=1.0)

    def layer(at):
        """A dense layer in a branch: its weights, its operators."""
        weight, bias = dense(random, "own", 16, 16, shift=0.1)
        return helper.make_graph([gemm(at, "own", "t"), node("Relu", ["t"], ["out"])], "layer", [], [value("out", ["batch", 16])], [weight, bias])

    def other(at):
        return helper.make_graph([node("Tanh", [at], ["out"])], "other", [], [value("out", ["batch", 16])])

    width = [
        node("Shape", ["h1"], ["width"], start=1, end=2),
        node("Equal", ["width", "sixteen"], ["is.wide"]),
        node("Not", ["is.wide"], ["is.narrow"]),
    ]
    constants = [tensor("always", np.bool_(True)), tensor("sixteen", np.array([16], np.int64))]
    nodes = [
        gemm("x", "fc0", "pre0"),
        node("Relu", ["pre0"], ["h0"]),
        node("If", ["always"], ["h1"], then_branch=layer("h0"), else_branch=other("h0")),
        *width,
        node("If", ["is.narrow"], ["h2"], then_branch=other("h1"), else_branch=layer("h1")),
        gemm("h2", "head", "y"),
    ]
    io = ([value("x", ["batch", 8])], [value("y", ["batch", 4])])
    save("known", nodes, tensors + constants, *io)
    side = lambda operator: helper.make_graph([node(operator, ["x"], ["out"])], operator, [], [value("out", ["batch", 8])])
    counting = [node("Shape", ["x"], ["points"], end=1), node("Equal", ["points", "two"], ["are.two"])]
    choice = node("If", ["are.two"], ["h"], then_branch=side("Neg"), else_branch=side("Identity"))
    save("sized", [*counting, choice, node("Relu", ["h"], ["y"])], [tensor("two", np.array([2], np.int64))], [value("x", ["batch", 8])], [value("y", ["batch", 8])])


def refused_models():
    """Models that no program runs: an operator that nobody knows, and values of 2.6 GB from two points. They have no twins."""
    io = ([value("x", ["batch", 8])], [value("y", ["many", 8])])
    save("unknown", [node("Nonsense", ["x"], ["y"], domain="example")], [], *io, domains=["example"])
    times = tensor("times", np.array([40_000_000, 1], np.int64))
    branch = lambda name: helper.make_graph([node("Tile", ["x", "times"], [name])], name, [], [value(name, ["many", 8])])
    always = tensor("always", np.bool_(True))
    save("large", [node("If", ["always"], ["tiled"], then_branch=branch("one"), else_branch=branch("other")), node("Relu", ["tiled"], ["y"])], [times, always], *io)


if_model()
if_model(data="if-external.data", name="if-external")
loop_model()
lstm_model()
function_model()
function_model(name="function-narrow", depth=30, width=5, inputs=16)
contrib_model()
refused_models()
known_models()
