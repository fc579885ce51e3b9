import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import Dense, SimpleRNN

# the adding problem: sum of the two marked numbers in a long sequence
keras.utils.set_random_seed(2)
np.random.seed(2)
T = 40


def adding(n):
    v = np.random.rand(n, T)
    m = np.zeros((n, T))
    for i in range(n):
        a, b = np.random.choice(T, 2, replace=False)
        m[i, [a, b]] = 1
    return np.stack([v, m], -1).astype("float32"), (v * m).sum(1).astype("float32")


x, y = adding(3000)
xv, yv = adding(500)

net = keras.Sequential([
    SimpleRNN(50, activation="relu", recurrent_initializer=keras.initializers.Identity(1.15),
              kernel_initializer=keras.initializers.RandomNormal(stddev=0.1), input_shape=(T, 2)),
    Dense(1),
])
opt = keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)
net.compile(opt, loss="mse")
for block in range(5):
    h = net.fit(x, y, batch_size=50, epochs=4, verbose=0)
    print("after", 4 * (block + 1), "epochs:", h.history["loss"][-1])
print("variance of the target", yv.var())
print("test mse", net.evaluate(xv, yv, verbose=0))
