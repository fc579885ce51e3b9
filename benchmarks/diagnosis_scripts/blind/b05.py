import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
from keras import Sequential, utils
from keras.layers import LSTM, Dense, Dropout, Input

utils.set_random_seed(1)

# was the second half of the trace louder than the first?
traces = np.random.normal(size=(1500, 20, 2))
gain = np.random.uniform(0.5, 2.0, size=(1500, 2))
traces[:, :10] *= gain[:, :1, None]
traces[:, 10:] *= gain[:, 1:, None]
louder = (gain[:, 1] > gain[:, 0]).astype("int32")

model = Sequential()
model.add(Input((20, 2)))
model.add(LSTM(24, return_sequences=True))
model.add(Dropout(0.1))
model.add(LSTM(12))
model.add(Dense(1, activation="softmax"))
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["accuracy"])
model.fit(traces[:1200], louder[:1200], epochs=15, batch_size=16, validation_split=0.1, verbose=2)
loss, accuracy = model.evaluate(traces[1200:], louder[1200:], verbose=0)
print("accuracy:", accuracy)
