import os
os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import keras
from keras import ops

keras.utils.set_random_seed(12)

# concrete strength from its mix, robust loss since the lab has outliers
N = 1200
mix = np.random.rand(N, 6).astype("float32")
strength = (3 * mix[:, 0] - 2 * mix[:, 1] * mix[:, 2] + np.sin(4 * mix[:, 3]) + 0.5 * mix[:, 4] ** 2)
strength += np.random.standard_t(3, N) * 0.08
strength = ((strength - strength.mean()) / strength.std()).astype("float32")

Xtr, Xte = mix[:1000], mix[1000:]
ytr, yte = strength[:1000], strength[1000:]


class PseudoHuber(keras.losses.Loss):
    def __init__(self, delta=1.0, name="pseudo_huber"):
        super().__init__(name=name)
        self.delta = delta

    def call(self, y_true, y_pred):
        r = (y_true - y_pred) / self.delta
        return self.delta ** 2 * (ops.sqrt(1 + ops.square(r)) - 1)


inputs = keras.Input((6,))
h = keras.layers.Dense(48, activation="relu")(inputs)
h = keras.layers.Dense(48, activation="relu")(h)
outputs = keras.layers.Dense(1)(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=PseudoHuber(1.0))

model.fit(Xtr, ytr, batch_size=32, epochs=25, verbose=2)
pred = model.predict(Xte, verbose=0)[:, 0]
print("R^2 on the test mixes: %.3f" % (1 - ((pred - yte) ** 2).sum() / ((yte - yte.mean()) ** 2).sum()))
