import os
os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy as np
from keras.layers import LSTM, Dense, Input

# Monthly flat prices, in euros; scaled for the network, scaled back for the report.
keras.utils.set_random_seed(314)

class Standard:
    def fit(self, a):
        self.m, self.s = a.mean(), a.std()
        return self
    def transform(self, a):
        return (a - self.m) / self.s
    def inverse_transform(self, a):
        return a * self.s + self.m

t = np.arange(40)
X, y = [], []
for d in range(50):
    base, slope, amp = np.random.uniform(150e3, 450e3), np.random.uniform(-2e3, 4e3), np.random.uniform(5e3, 20e3)
    price = base + slope * t + amp * np.sin(2 * np.pi * t / 12 + d) + np.random.normal(0, 2e3, 40)
    for i in range(28):
        X.append(price[i:i + 12])
        y.append(price[i + 12])
X, y = np.array(X), np.array(y)
perm = np.random.permutation(len(X))
X, y = X[perm], y[perm]
cut = 1100
scaler = Standard().fit(X[:cut])
x_train, x_test = scaler.transform(X[:cut])[..., None], scaler.transform(X[cut:])[..., None]
y_train = scaler.transform(y[:cut])

model = keras.Sequential([Input((12, 1)), LSTM(40), Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse")
model.fit(x_train, y_train, epochs=15, batch_size=32, validation_split=0.1, verbose=2)

pred = scaler.inverse_transform(model.predict(x_test, verbose=0)[:, 0])
print("mean absolute error in euros: %d" % np.abs(pred - y[cut:]).mean())
print("R2: %.4f" % (1 - ((pred - y[cut:]) ** 2).mean() / y[cut:].var()))
