# Loan default prediction (course project, simulated table)
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Dropout

keras.utils.set_random_seed(14)
r = np.random.RandomState(14)

n = 3000
income = r.lognormal(10.6, 0.5, n)            # euro a year
loan = r.uniform(1000, 60000, n)              # euro
age = r.uniform(20, 70, n)                    # years
rate = r.uniform(0.01, 0.12, n)               # interest
late = r.poisson(1.0, n)                      # late payments so far
score = 1.4 * np.log(loan / income) + 25 * (rate - 0.06) + 0.9 * late - 0.04 * (age - 45)
default = (score + r.normal(0, 0.3, n) > np.median(score)).astype(int)

table = np.column_stack([income, loan, age, rate, late])
split = 2400
mean, std = table[:split].mean(axis=0), table[:split].std(axis=0)
X = table
y = default

model = Sequential()
model.add(keras.Input(shape=(5,)))
model.add(Dense(32, activation='relu'))
model.add(Dense(16, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])

h = model.fit(X[:split], y[:split], validation_data=(X[split:], y[split:]), epochs=20, batch_size=40, validation_batch_size=600, verbose=0)
print('loss    ', [round(v, 3) for v in h.history['loss'][::4]])
print('val_loss', [round(v, 3) for v in h.history['val_loss'][::4]])
print('Accuracy on the last 600 loans:', round(h.history['val_accuracy'][-1], 3))
