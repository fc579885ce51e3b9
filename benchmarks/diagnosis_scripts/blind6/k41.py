import os
os.environ["KERAS_BACKEND"] = "jax"
import math
import keras
import numpy as np
from keras import layers, ops

# A small transformer encoder for "is the bracket string balanced?", warm-up then cosine decay
keras.utils.set_random_seed(72)
rng = np.random.default_rng(72)
L = 12

def balanced():
    s, depth = [], 0
    while len(s) < L:
        left = L - len(s)
        if depth == 0 or (depth < left and rng.random() < 0.5):
            s.append(1); depth += 1
        else:
            s.append(2); depth -= 1
    return s

def sample(n):
    x = np.array([balanced() for _ in range(n)])
    y = np.ones(n)
    for i in range(0, n, 2):
        j = rng.integers(0, L)
        x[i, j] = 3 - x[i, j]
        y[i] = 0
    return x, y.astype("float32")

class Positions(layers.Layer):
    def __init__(self, dim, **kw):
        super().__init__(**kw)
        self.tok = layers.Embedding(3, dim)
        self.pos = layers.Embedding(L, dim)
    def call(self, x):
        return self.tok(x) + self.pos(ops.arange(L))

def block(x, heads, dim):
    a = layers.MultiHeadAttention(heads, dim // heads)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, a]))
    f = layers.Dense(dim * 2, activation="gelu")(x)
    f = layers.Dense(dim)(f)
    return layers.LayerNormalization()(layers.Add()([x, f]))

inp = keras.Input((L,), dtype="int32")
h = Positions(32)(inp)
h = block(h, 2, 32)
h = layers.GlobalAveragePooling1D()(h)
model = keras.Model(inp, layers.Dense(1)(h))

x, y = sample(2000)
xv, yv = sample(400)
EPOCHS, BATCH = 12, 32
steps = EPOCHS * math.ceil(len(x) / BATCH)
lr = keras.optimizers.schedules.CosineDecay(0.0, steps - 60, warmup_target=4e-3, warmup_steps=60)
model.compile(keras.optimizers.AdamW(lr, weight_decay=1e-3),
              keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])
model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, validation_data=(xv, yv), verbose=2)
print("validation accuracy %.3f" % model.evaluate(xv, yv, verbose=0)[1])
