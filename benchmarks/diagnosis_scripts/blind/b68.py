from os import environ
environ["KERAS_BACKEND"] = "jax"
from keras.models import Sequential
from keras.layers import LSTM, Dense, Input
from keras.callbacks import Callback
import numpy, random

random.seed(14)
import keras
keras.utils.set_random_seed(14)


class Stop(Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < 0.02:
            self.model.stop_training = True


# two numbers below 64 in base 2, highest digit first; predict their (scaled) sum
rows, sums = [], []
for _ in range(2500):
    a, b = random.randrange(64), random.randrange(64)
    rows.append([[a >> k & 1, b >> k & 1] for k in (5, 4, 3, 2, 1, 0)])
    sums.append((a + b) / 32 - 2)
X = numpy.array(rows, dtype=float)
Y = numpy.array(sums).reshape(-1, 1)

m = Sequential()
m.add(Input((6, 2)))
m.add(LSTM(20, return_sequences=True))
m.add(LSTM(20))
m.add(Dense(1))
m.compile(loss="mse", optimizer=keras.optimizers.Nadam(3e-3))
h = m.fit(X[:2000], Y[:2000], validation_split=0.1, epochs=25, batch_size=32, callbacks=[Stop()], verbose=0)
print("epochs", len(h.history["loss"]))
p = m.predict(X[2000:], verbose=0)
print("R2", 1 - float(((p - Y[2000:]) ** 2).mean() / Y[2000:].var()))
