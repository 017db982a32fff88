"""Takes the operator tests that the ONNX standard ships (onnx.backend.test) apart for scripts/onnx-backend/run.mjs.

    /usr/bin/python3 scripts/onnx-backend/cases.py FOLDER     (Debian: python3-onnx and libonnx-testdata)

Every case becomes FOLDER/NAME.onnx, in which all inputs but the first are constants, and FOLDER/NAME-in.npy, NAME-out0.npy, ...
"""

import glob
import json
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
places = [os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data"), "/usr/share/libonnx-testdata/data"]
data = next((place for place in places if os.path.isdir(place)), places[0])
cases = []
for path in sorted(glob.glob(os.path.join(data, "*", "*", "model.onnx"))):
    kind, name = path.split(os.sep)[-3:-1]
    if kind in ("light", "real"):
        continue
    model = onnx.load(path)
    first = sorted(glob.glob(os.path.join(os.path.dirname(path), "test_data_set_*")))[:1]
    if not first:
        continue

    def tensors(what):
        found = []
        for k in range(len(glob.glob(os.path.join(first[0], what + "_*.pb")))):
            proto = onnx.TensorProto()
            with open(os.path.join(first[0], f"{what}_{k}.pb"), "rb") as file:
                proto.ParseFromString(file.read())
            found.append(numpy_helper.to_array(proto))
        return found

    case = {"name": name, "folder": kind, "operators": [node.op_type for node in model.graph.node]}
    try:
        inputs, outputs = tensors("input"), tensors("output")
        held = {tensor.name for tensor in model.graph.initializer}
        names = [value.name for value in model.graph.input if value.name not in held]
        if "BFLOAT16" in name:
            raise ValueError("NumPy has no bfloat16")
        if len(names) != len(inputs):
            raise ValueError("inputs are sequences")
        if any(array.dtype.kind not in "fiub" for array in inputs + outputs):
            raise ValueError("not numbers")
        for value, array in list(zip(names, inputs))[1:]:
            model.graph.initializer.append(numpy_helper.from_array(array, value))
        kept = [value for value in model.graph.input if value.name == (names[0] if names else None)]
        if not kept:
            raise ValueError("no input")
        # A case is of the shape of its values, whatever its description leaves open.
        del kept[0].type.tensor_type.shape.dim[:]
        for size in inputs[0].shape:
            kept[0].type.tensor_type.shape.dim.add().dim_value = size
        del model.graph.input[:]
        model.graph.input.extend(kept)
        onnx.save(model, os.path.join(folder, name + ".onnx"))
        np.save(os.path.join(folder, name + "-in.npy"), inputs[0])
        for k, array in enumerate(outputs):
            np.save(os.path.join(folder, f"{name}-out{k}.npy"), array)
        case.update(outputs=len(outputs), types=sorted({str(array.dtype) for array in inputs + outputs}))
    except Exception as error:  # a case that is no tensor in, tensor out
        case["left"] = str(error)[:80]
    cases.append(case)
with open(os.path.join(folder, "cases.json"), "w") as file:
    json.dump(cases, file)
print(len(cases), "cases")
