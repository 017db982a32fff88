"""Save a Keras model, and record its activations, for `sonde inspect model.keras` and `sonde check recorded.npz`."""

import keras
import numpy as np

if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 3, activation="relu", name="conv1"),
            keras.layers.Conv2D(16, 3, strides=2, activation="relu", name="conv2"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(10, name="logits"),
        ]
    )
    model.save("model.keras")

    # Keras is channels last already.
    x = np.random.default_rng(0).standard_normal((256, 28, 28, 1)).astype("float32")
    hidden = [layer for layer in model.layers if layer.name.startswith("conv")]
    record = keras.Model(model.inputs, [layer.output for layer in hidden] + [model.output])
    names = [layer.name for layer in hidden] + ["logits"]
    np.savez("recorded.npz", input=x, **dict(zip(names, [np.asarray(a) for a in record(x)])))
