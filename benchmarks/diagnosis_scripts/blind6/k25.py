import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
from keras import layers
import numpy as np

"""
Next product in a shopping session, SGD as in the paper I am following.
"""
keras.utils.set_random_seed(19)
rng = np.random.default_rng(19)

N_ITEMS, SESSION = 30, 8
follows = rng.permutation(N_ITEMS)          # item -> the accessory bought after it


def sessions(n):
    out = np.zeros((n, SESSION + 1), dtype="int32")
    out[:, 0] = rng.integers(0, N_ITEMS, n)
    for t in range(SESSION):
        usual = follows[out[:, t]]
        other = rng.integers(0, N_ITEMS, n)
        out[:, t + 1] = np.where(rng.random(n) < 0.85, usual, other)
    return out[:, :-1], out[:, -1]


x_train, y_train = sessions(2500)
x_val, y_val = sessions(500)

model = keras.Sequential(name="next_item")
model.add(layers.Input((SESSION,)))
model.add(layers.Embedding(N_ITEMS, 32))
model.add(layers.LSTM(48))
model.add(layers.Dense(N_ITEMS, activation="softmax"))
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.005, momentum=0.0),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(5, name="top5")],
)
model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=32, epochs=15, verbose=2)

results = model.evaluate(x_val, y_val, verbose=0, return_dict=True)
print("top-5 %.3f" % results["top5"])
print("accuracy %.3f (85 %% of the purchases are the usual ones)" % results["accuracy"], end="\n")
print("val accuracy: %.4f" % results["accuracy"])
