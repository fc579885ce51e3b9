#!/usr/bin/env python
# coding: utf-8
import os
os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np
import keras
from keras.models import Sequential
from keras.layers import GRU, Dense, Input

# In[2]:
np.random.seed(42)
keras.utils.set_random_seed(42)
momentum = 0.0
shocks = np.random.standard_normal(3000)
returns = np.zeros(3000)
for t in range(1, 3000):
    returns[t] = momentum * returns[t - 1] + shocks[t]
price = 100 * np.exp(np.cumsum(0.01 * returns))

# In[3]:
lookback = 20
ret = np.diff(np.log(price))
ret = (ret - ret.mean()) / ret.std()
X = np.array([ret[i:i + lookback] for i in range(len(ret) - lookback)])[..., None]
y = (ret[lookback:] > 0).astype(int)
split = 2300
X_train, y_train, X_test, y_test = X[:split], y[:split], X[split:], y[split:]
print(X_train.shape, y_train.mean())

# In[4]:
model = Sequential()
model.add(Input(shape=(lookback, 1)))
model.add(GRU(16))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=12, batch_size=64, validation_data=(X_test, y_test), verbose=2)

# In[5]:
print("directional accuracy", model.evaluate(X_test, y_test, verbose=0)[1])
