import os
os.environ['KERAS_BACKEND'] = 'jax'
import numpy as np, keras
from keras.layers import *

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)

def sample(n, rate):
    y = (rng.random(n) < rate).astype('int32')
    x = rng.normal(size=(n, 14, 2))
    drift = np.linspace(0, 1, 14)[None, :] * rng.uniform(.5, 1.6, size=(n, 1))
    x[:, :, 0] += drift * y[:, None]
    x[:, :, 1] *= 1 + .25 * y[:, None]
    return x.astype('float32'), y

x, y = sample(2500, .04)
xt, yt = sample(2500, .04)
w = {0: 1 / (1 - y.mean()) / 2, 1: 1 / y.mean() / 2}
print('weights', w)

model = keras.Sequential([Input(shape=(14, 2)), GRU(16), Dense(8, activation='relu'), Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', optimizer=keras.optimizers.Adam(2e-3), metrics=[keras.metrics.Recall(), keras.metrics.AUC(name='auc')])
model.fit(x, y, epochs=10, batch_size=64, class_weight=w, validation_data=(xt, yt), verbose=2)

p = model.predict(xt, verbose=0)[:, 0] > .5
tp, tn = np.mean(p[yt == 1]), np.mean(~p[yt == 0])
print('recall %.3f specificity %.3f' % (tp, tn))
print('balanced accuracy', round((tp + tn) / 2, 3))
