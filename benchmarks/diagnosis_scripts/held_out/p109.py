import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(413)
rng = np.random.default_rng(413)
c = rng.standard_normal((4, 14))
y = rng.integers(0, 4, 1500)
x = (c[y] + 0.9 * rng.standard_normal((1500, 14))).astype("float32")
model = keras.Sequential([
    keras.layers.Input((14,)),
    keras.layers.Dense(32, activation="elu"),
    keras.layers.Dense(4),
])
model.compile(
    optimizer=keras.optimizers.SGD(0.1, momentum=0.9, gradient_accumulation_steps=4),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x[:1200], y[:1200], batch_size=8, epochs=10, verbose=2)
print("accuracy", model.evaluate(x[1200:], y[1200:], verbose=0)[1])
