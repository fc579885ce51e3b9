# keras, train_on_batch with an endless generator
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
from keras.models import Sequential
from keras.layers import Input, SimpleRNN, Dense
from keras.optimizers import RMSprop
from keras.utils import set_random_seed

set_random_seed(8)


def bit_stream(batch_size):
    r = np.random.RandomState(8)
    while True:
        bits = r.randint(0, 2, (batch_size, 12, 1)).astype("float32")
        parity = np.cumsum(bits, axis=1) % 2
        delayed = np.concatenate([np.zeros((batch_size, 2, 1)), bits[:, :-2]], 1)
        yield bits, np.logical_xor(bits, delayed).astype("float32"), parity


model = Sequential([Input((12, 1)), SimpleRNN(24, return_sequences=True), Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer=RMSprop(5e-3), metrics=["binary_accuracy"])
stream = bit_stream(64)
for step in range(900):
    x, y, _ = next(stream)
    loss, acc = model.train_on_batch(x, y)
    if step % 100 == 0:
        print("%4d  loss %.4f  acc %.3f" % (step, loss, acc))
x, y, _ = next(stream)
print("bits right:", (np.round(model.predict_on_batch(x)) == y).mean())
