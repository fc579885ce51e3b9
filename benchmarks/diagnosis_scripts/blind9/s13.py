import os
os.environ['KERAS_BACKEND'] = 'torch'
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(31)
rng = np.random.default_rng(31)

# two years of trading days for 8 shares: will tomorrow close higher?
days, shares = 520, 8
phi = 0.0
shocks = rng.normal(0, 0.012, (days, shares))
returns = np.zeros((days, shares))
for d in range(1, days):
    returns[d] = phi * returns[d - 1] + shocks[d]
close = 100 * np.exp(np.cumsum(returns, axis=0))

LOOKBACK = 10
X, y = [], []
for s in range(shares):
    r = np.diff(np.log(close[:, s]))
    for i in range(LOOKBACK, len(r)):
        X.append(r[i - LOOKBACK:i])
        y.append(1.0 if r[i] > 0 else 0.0)
X = np.array(X, dtype='float32')[..., None] / 0.012
y = np.array(y, dtype='float32')
idx = rng.permutation(len(X))
X, y = X[idx], y[idx]
n = int(len(X) * 0.75)
X_train, y_train, X_val, y_val = X[:n], y[:n], X[n:], y[n:]
print(X_train.shape, X_val.shape, 'share of rises', y.mean())

model = keras.Sequential([
    keras.Input((LOOKBACK, 1)),
    layers.GRU(16),
    layers.Dense(8, activation='relu'),
    layers.Dense(1, activation='sigmoid'),
])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=8, batch_size=64,
          validation_batch_size=512, verbose=2)
print('validation accuracy', round(float(model.evaluate(X_val, y_val, batch_size=512, verbose=0)[1]), 3))
