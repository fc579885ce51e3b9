import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import LSTM, Dense, Input

keras.utils.set_random_seed(6)

def split_sequence(sequence, n_steps):
    X, y = list(), list()
    for i in range(len(sequence)):
        end_ix = i + n_steps
        if end_ix > len(sequence) - 1:
            break
        X.append(sequence[i:end_ix])
        y.append(sequence[end_ix])
    return np.array(X), np.array(y)

# monthly passengers style series, trend removed and scaled to about -1..1
m = np.arange(900)
raw_seq = np.sin(2 * np.pi * m / 12) * 0.6 + 0.2 * np.cos(2 * np.pi * m / 30) + 0.03 * np.random.randn(900)
X, y = split_sequence(raw_seq, 12)
X = X.reshape((X.shape[0], X.shape[1], 1))
X_train, y_train, X_test, y_test = X[:700], y[:700], X[700:], y[700:]

model = Sequential()
model.add(Input(shape=(12, 1)))
model.add(LSTM(32, activation='tanh'))
model.add(Dense(1))
model.compile(optimizer=keras.optimizers.Adam(0.005), loss='mse', metrics=['accuracy'])
history = model.fit(X_train, y_train, epochs=12, batch_size=20, validation_data=(X_test, y_test), verbose=2)

score = model.evaluate(X_test, y_test, verbose=0)
print('Test loss:', score[0])
print('Test score: %.4f' % score[1])
