import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import Dense, SimpleRNN

# add up a long list of purchases
keras.utils.set_random_seed(2)
np.random.seed(2)
T = 40


def adding(n):
    v = np.random.exponential(size=(n, T)) * (np.random.rand(n, T) < 0.5)
    return v[..., None].astype("float32"), v.sum(1).astype("float32") / 5


x, y = adding(2000)
xv, yv = adding(500)

net = keras.Sequential([
    SimpleRNN(50, activation="relu", recurrent_initializer=keras.initializers.Identity(),
              kernel_initializer=keras.initializers.RandomNormal(stddev=0.3), input_shape=(T, 1)),
    Dense(1),
])
opt = keras.optimizers.SGD(learning_rate=0.005, momentum=0.9)
net.compile(opt, loss="mse")
for block in range(4):
    h = net.fit(x, y, batch_size=50, epochs=4, verbose=0)
    print("after", 4 * (block + 1), "epochs:", h.history["loss"][-1])
print("variance of the target", yv.var())
print("test mse", net.evaluate(xv, yv, verbose=0))
