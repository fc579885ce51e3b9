import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
from keras import Input, Model, optimizers, utils
from keras.layers import GRU, Bidirectional, Dense, TimeDistributed

utils.set_random_seed(2)
rng = np.random.default_rng(2)
# mark local peaks of a smooth noisy curve; every step has a label, one-hot
raw = rng.normal(size=(1000, 34))
smooth = (raw[:, :-2] + 2 * raw[:, 1:-1] + raw[:, 2:]) / 2
peak = np.zeros(smooth.shape, int)
peak[:, 1:-1] = (smooth[:, 1:-1] > smooth[:, :-2]) & (smooth[:, 1:-1] > smooth[:, 2:])
X, Y = smooth[..., None].astype("float32"), np.eye(2, dtype="float32")[peak]

inp = Input(shape=(32, 1))
seq = Bidirectional(GRU(20, return_sequences=True))(inp)
out = TimeDistributed(Dense(2, activation="softmax"))(seq)
model = Model(inp, out)
model.compile(loss="categorical_crossentropy", optimizer=optimizers.RMSprop(5e-3), metrics=["categorical_accuracy"])
model.fit(X[:800], Y[:800], batch_size=20, epochs=8, verbose=2)
guess = model.predict(X[800:], verbose=0).argmax(-1)
truth = peak[800:]
tp = ((guess == 1) & (truth == 1)).sum()
print("F1 of the peaks", 2 * tp / ((guess == 1).sum() + (truth == 1).sum()))
