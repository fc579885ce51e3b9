# Curriculum: remember the marked number. Sequences get longer as training goes on.
import os
os.environ['KERAS_BACKEND'] = 'jax'
import numpy as np
import keras

keras.utils.set_random_seed(40)
r = np.random.RandomState(40)
LONGEST = 20

def batch(length, n=64):
    x = np.zeros((n, LONGEST, 2), 'float32')
    x[:, LONGEST - length:, 0] = r.uniform(-1, 1, (n, length))
    where = LONGEST - length + r.randint(0, length, n)
    x[np.arange(n), where, 1] = 1
    return x, x[np.arange(n), where, 0]

net = keras.Sequential([
    keras.Input((LONGEST, 2)),
    keras.layers.LSTM(32),
    keras.layers.Dense(1),
])
net.compile(optimizer=keras.optimizers.Adam(0.01, clipnorm=1.0), loss='mse')

xv, yv = batch(LONGEST, 500)
length, steps, recent = 3, 0, []
while steps < 1500:
    x, y = batch(length)
    recent.append(float(net.train_on_batch(x, y)))
    steps += 1
    if len(recent) >= 20 and np.mean(recent[-20:]) < 0.02 and length < LONGEST:
        print('step', steps, 'length', length, '-> ', min(LONGEST, length + 3))
        length, recent = min(LONGEST, length + 3), []
p = net.predict(xv, verbose=0)[:, 0]
print('length reached', length)
print('R2 on the longest sequences %.4f' % (1 - np.mean((p - yv) ** 2) / np.var(yv)))
