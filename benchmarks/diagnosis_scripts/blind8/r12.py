import os
os.environ['KERAS_BACKEND'] = 'jax'
import numpy as np, keras
from keras.layers import *

# predictive maintenance: vibration windows, few of them come before a bearing failure
keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)

def sample(n, rate):
    y = (rng.random(n) < rate).astype('int32')
    x = rng.normal(size=(n, 16, 2))
    drift = np.linspace(0, 1, 16)[None, :] * rng.uniform(.5, 1.6, size=(n, 1))
    x[:, :, 0] += drift * y[:, None]
    x[:, :, 1] *= 1 + .25 * y[:, None]
    return x.astype('float32'), y

x, y = sample(2500, .03)
xt, yt = sample(2500, .03)
print('failures in train:', y.sum(), 'of', len(y))

model = keras.Sequential()
model.add(Input(shape=(16, 2)))
model.add(GRU(16))
model.add(Dense(8, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=keras.optimizers.Adam(2e-3), metrics=['accuracy', keras.metrics.Recall()])
hist = model.fit(x, y, epochs=10, batch_size=64, validation_data=(xt, yt), verbose=2)

p = model.predict(xt, verbose=0)[:, 0] > .5
tp = np.mean(p[yt == 1])
tn = np.mean(~p[yt == 0])
print('recall %.3f specificity %.3f' % (tp, tn))
print('balanced accuracy', round((tp + tn) / 2, 3))
