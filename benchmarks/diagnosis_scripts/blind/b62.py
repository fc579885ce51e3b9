import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras

keras.utils.set_random_seed(40)
rng = np.random.default_rng(40)
x = rng.uniform(-1, 1, size=(900, 6))
# grams of yield, between about 1 and 12
y = 5 + 2.5 * x[:, 0] - 2 * x[:, 1] * x[:, 2] + 1.5 * np.sin(3 * x[:, 3]) + 0.2 * rng.normal(size=900)


class YieldNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = keras.layers.Dense(32, activation="relu")
        self.b = keras.layers.Dense(32, activation="relu")
        self.c = keras.layers.Dense(1, activation="sigmoid")

    def call(self, inputs):
        return self.c(self.b(self.a(inputs)))


net = YieldNet()
net.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mean_squared_error")
net.fit(x[:700], y[:700], epochs=30, batch_size=35, validation_data=(x[700:], y[700:]), verbose=2)
p = net.predict(x[700:], verbose=0)[:, 0]
print("R2 =", 1 - ((p - y[700:]) ** 2).sum() / ((y[700:] - y[700:].mean()) ** 2).sum())
