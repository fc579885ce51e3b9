"""Keras scripts with a mistake in their records."""

from tests.diagnosis.keras_scripts.parts import PLAIN, TWO

DATA = {
    "unscaled_targets of one of two": TWO.replace("10 * y + 20", "1000 * y + 9000"),
    "unnormalized_inputs that shut the output": PLAIN.replace(
        "Dense(1)", "Dense(1, activation='sigmoid')"
    ).replace('"mse"', '"binary_crossentropy"').replace('"tanh"', '"relu"')
    .replace("x, y", "x * [1, 1, 9e4, 1] + [0, 0, 9e4, 0], label"),
    "not_shuffled in a data set": """
class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 15
    def __getitem__(self, at):
        return x[20 * at : 20 * at + 20], label[20 * at : 20 * at + 20]
x = x[np.argsort(x[:, 0] * x[:, 1])]
label = np.arange(300) // 60
""" + PLAIN.replace("Dense(1)", "Dense(5, activation='softmax')").replace(
        '"mse"', '"sparse_categorical_crossentropy"'
    ).replace("x, y, epochs=12, batch_size=20", "Rows(), epochs=8, shuffle=False"),
    "overfitting of records that were evaluated after the others": PLAIN.replace("8,", "64,")
    .replace("x, y, epochs=12", "x[:60], z[:60], epochs=80").replace("model = ", """
x = rng.normal(size=(300, 30)).astype("float32")
z = (x[:, 0] + rng.normal(size=300)).astype("float32")
model = """).replace("(4,)", "(30,)") + """
print(model.evaluate(x[:60], z[:60], verbose=0), model.evaluate(x[60:], z[60:], verbose=0))
""",
    "labels_misaligned where records were missing": PLAIN.replace("model = ", """
x[rng.permutation(300)[:30], 0] = np.nan
full = ~np.isnan(x).any(axis=1)
known, told = x[full], y[: full.sum()]
model = """).replace("fit(x, y", "fit(known, told"),
    "no_signal in word numbers that are divided by their norm": """
layers = keras.layers
words = rng.integers(1, 40, (300, 12))
said = (words[:, 3] > 20).astype("float32")
words = keras.utils.normalize(words)
model = keras.Sequential([layers.Embedding(40, 8), layers.Flatten(), layers.Dense(1, "sigmoid")])
model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
model.fit(words, said, epochs=15, verbose=0)
""",
    "unnormalized_inputs from a generator": """
def batches():
    while True:
        rows = rng.permutation(300)[:20]
        yield x[rows] * [1, 1, 900, 1] + [0, 0, 900, 0], y[rows]
""" + PLAIN.replace("x, y, epochs=12, batch_size=20", "batches(), steps_per_epoch=15, epochs=12"),
    "labels_misaligned in a data set": """
class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 15
    def __getitem__(self, at):
        return x[20 * at : 20 * at + 20], label[20 * at : 20 * at + 20]
    def on_epoch_end(self):
        rng.shuffle(x)
""" + PLAIN.replace("Dense(1)", "Dense(1, activation='sigmoid')").replace(
        '"mse"', '"binary_crossentropy"'
    ).replace("x, y, epochs=12, batch_size=20", "Rows(), epochs=12"),
}  # fmt: skip
