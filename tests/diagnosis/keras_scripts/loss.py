"""Keras scripts with a mistake in their loss, output or score."""

from tests.diagnosis.keras_scripts.parts import CLASSES, PLAIN, TWO

LOSS = {
    "wrong_output_activation by an operation": """
given = keras.Input((4,))
model = keras.Model(given, keras.ops.sigmoid(keras.layers.Dense(1)(given)))
model.compile(keras.optimizers.Adam(0.02), keras.losses.BinaryCrossentropy(from_logits=True))
model.fit(x, label, epochs=12, batch_size=20, verbose=0)
""",
    "wrong_output_activation in a call of its own": """
class Own(keras.Sequential):
    def call(self, inputs):
        return keras.ops.softmax(super().call(inputs))
model = Own([keras.layers.Dense(8, "tanh"), keras.layers.Dense(2)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x, label, epochs=12, batch_size=20, verbose=0)
""",
    "wrong_metric in NumPy": CLASSES.replace("x, y", "x, label")
    + "print(np.mean((model.predict(x, verbose=0) > 0) == label))",
    "shape_mismatch of series that a view has renamed": PLAIN.replace("keras.layers.Input((4,))",
        "keras.layers.Input((20, 3)), keras.layers.SimpleRNN(4)")
    .replace("fit(x, y", "fit(z, label").replace("Dense(1)", "Dense(1, 'sigmoid')")
    .replace('"mse"', '"binary_crossentropy"')
    .replace("model = ", """raw = rng.normal(size=(300, 3, 20)).astype("float32")
raw[:, 1] += np.where(label[:, None] > 0, 1, -1) * np.linspace(-1.5, 1.5, 20)
z = raw.reshape(300, 20, 3)
model = """),
    "wrong_metric": PLAIN.replace('"mse"', "keras.losses.BinaryCrossentropy(from_logits=True), "
                                  'metrics=["binary_accuracy"]').replace("x, y", "x, label")
    .replace("0.02", "0.002"),
    "shape_mismatch": PLAIN.replace('"mse"', "lambda t, p: keras.ops.mean((t[:, 0] - p) ** 2)")
    .replace("x, y", "x, y[:, None]"),
    "wrong_loss": PLAIN.replace('"mse"', "lambda t, p: -keras.ops.mean((t - p) ** 2)"),
    "shape_mismatch once Keras has squeezed": PLAIN.replace("keras.layers.Dense(8,", "keras.layers."
        "Reshape((4, 1)), keras.layers.GRU(8, return_sequences=True,")
    .replace('"mse"', "lambda t, p: keras.ops.mean((t - p[:, -1]) ** 2)")
    .replace("x, y", "x, y[:, None]"),
    "wrong_loss of a direction": PLAIN.replace('"mse"', "keras.losses.CosineSimilarity()"),
    "shape_mismatch in what the network computes itself": """
class Own(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
        return keras.ops.mean((y - y_pred) ** 2)
""" + PLAIN.replace("keras.Sequential", "Own").replace(', "mse"', ""),
    "wrong_loss whose name says nothing": PLAIN.replace(
        '"mse"', "lambda t, p: keras.ops.sqrt(keras.ops.mean((t - p) ** 2)) * -3"
    ),
    "wrong_output_activation before a loss of its own": PLAIN.replace(
        "Dense(1)", "Dense(1, activation='sigmoid')"
    ).replace(
        '"mse"', "lambda t, p: keras.losses.binary_crossentropy(t, p, from_logits=True)"
    ).replace("x, y", "x, label"),
    "wrong_output_activation of one of two": TWO.replace('"sigmoid"', '"softmax"'),
    "shape_mismatch within a class": """
class Own(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.sqrt(1 + (y_true - y_pred) ** 2) - 1
""" + PLAIN.replace('"mse"', "Own()"),
    "wrong_output_activation of several labels": PLAIN.replace(
        "Dense(1)", "Dense(3, activation='softmax')"
    ).replace('"mse"', '"binary_crossentropy"').replace("x, y", "x, (x[:, :3] > 0) * 1.0"),
    "wrong_metric of class numbers": PLAIN.replace('"mse"', '"mse", metrics=["accuracy"]')
    .replace("x, y", "x, np.digitize(y, [-0.4, 0.4])"),
    "wrong_metric of its own": """
def acc(labels, logits):
    return keras.ops.mean(labels == keras.ops.round(logits[:, 0]))
""" + CLASSES.replace("keras.metrics.BinaryAccuracy(threshold=0)", "acc")
    .replace("x, y", "x, label"),
    "shape_mismatch of a view by the same name": PLAIN.replace("keras.layers.Input((4,))",
        "keras.layers.Input((20, 3)), keras.layers.SimpleRNN(4)")
    .replace("fit(x, y", "fit(z, label").replace("Dense(1)", "Dense(1, 'sigmoid')")
    .replace('"mse"', '"binary_crossentropy"')
    .replace("model = ", """z = rng.normal(size=(300, 3, 20)).astype("float32")
z[:, 1] += np.where(label[:, None] > 0, 1, -1) * np.linspace(-1.5, 1.5, 20)
z = z.reshape(300, 20, 3)
model = """),
}  # fmt: skip
