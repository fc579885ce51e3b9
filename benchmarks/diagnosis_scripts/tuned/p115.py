import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import LSTM, Dense, RepeatVector, TimeDistributed

keras.utils.set_random_seed(206)
rng = np.random.default_rng(206)
digits, length, n = 5, 3, 4000
seq = rng.integers(0, digits, (n, length))
X = np.eye(digits)[seq].astype("float32")
Y = X[:, ::-1]

model = keras.Sequential()
model.add(LSTM(64))
model.add(RepeatVector(length))
model.add(LSTM(64, return_sequences=True))
model.add(TimeDistributed(Dense(digits, activation="softmax")))
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.005), metrics=["accuracy"])
model.fit(X[:3500], Y[:3500], batch_size=64, epochs=16, validation_data=(X[3500:], Y[3500:]), verbose=2)
pred = model.predict(X[3500:], verbose=0).argmax(-1)
print("exact digits:", (pred == seq[3500:, ::-1]).mean())
