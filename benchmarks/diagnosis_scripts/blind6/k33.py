import os; os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers, initializers

keras.utils.set_random_seed(9)
g = np.random.default_rng(9)

# two spirals, three arms
n = 450
theta = np.sqrt(g.random(n)) * 2.2 * np.pi
arm = g.integers(0, 3, n)
r = theta + 0.6
pts = np.stack([r * np.cos(theta + arm * 2.094), r * np.sin(theta + arm * 2.094)], 1) / 4
pts += g.normal(0, 0.03, pts.shape)
pts = pts.astype("float32")
train, test = np.arange(0, 350), np.arange(350, n)

init = initializers.Constant(0.1)

net = keras.Sequential(name="spirals")
net.add(layers.Input((2,)))
for width in (64, 64, 32):
    net.add(layers.Dense(width, activation="tanh", kernel_initializer=init))
net.add(layers.Dense(3, activation="softmax", kernel_initializer=init))
net.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

for block in range(6):
    h = net.fit(pts[train], arm[train], epochs=25, batch_size=32, verbose=0)
    print("after", 25 * (block + 1), "epochs: loss %.4f" % h.history["loss"][-1])
print("test acc", net.evaluate(pts[test], arm[test], verbose=0)[1])
