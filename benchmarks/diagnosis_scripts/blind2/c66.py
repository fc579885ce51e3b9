import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(18)
rng = np.random.RandomState(18)
batch_size, units, length, symbols = 32, 32, 8, 4


def dataset(n):
    # each record: eight symbols; which one opened it?
    s = rng.randint(0, symbols, (n, length))
    return np.eye(symbols, dtype="float32")[s], s[:, 0]


x_in, h_in = keras.Input((length, symbols)), keras.Input((units,))
_, h_out = layers.GRU(units, return_state=True)(x_in, initial_state=h_in)
prob = layers.Dense(symbols, activation="softmax")(h_out)
model = keras.Model([x_in, h_in], prob)
reader = keras.Model([x_in, h_in], h_out)
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(8e-3), metrics=["accuracy"])

x_train, y_train = dataset(1600)
x_test, y_test = dataset(640)
state = np.zeros((batch_size, units), "float32")
for epoch in range(16):
    perm = rng.permutation(1600)
    losses = []
    for k in range(0, 1600, batch_size):
        idx = perm[k:k + batch_size]
        loss, _ = model.train_on_batch([x_train[idx], state], y_train[idx])
        state = reader.predict_on_batch([x_train[idx], state])
        losses.append(float(loss))
    print("epoch", epoch, "loss", np.mean(losses))

right = []
for k in range(0, 640, batch_size):
    p = model.predict_on_batch([x_test[k:k + batch_size], state])
    state = reader.predict_on_batch([x_test[k:k + batch_size], state])
    right.append(np.mean(p.argmax(1) == y_test[k:k + batch_size]))
print("accuracy", np.mean(right))
