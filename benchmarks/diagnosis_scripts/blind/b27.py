import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(45)
rng = np.random.default_rng(45)
VOCAB, LEN = 24, 12
x = rng.integers(4, VOCAB, size=(2000, LEN))
y = rng.integers(0, 4, size=2000)
for i in range(2000):
    # the answer is whichever of the tokens 0-3 is present
    x[i, rng.integers(0, LEN)] = y[i]


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=(LEN, shape[-1]), initializer=keras.initializers.RandomNormal(stddev=0.02))

    def call(self, h):
        return h + self.table


tokens = keras.Input((LEN,), dtype="int32")
h = Positions()(layers.Embedding(VOCAB, 24)(tokens))
att = layers.MultiHeadAttention(2, 12)(h, h)
h = layers.LayerNormalization()(h + att)
ff = layers.Dense(24)(layers.Dense(48, activation="relu")(h))
h = layers.LayerNormalization()(h + ff)
out = layers.Dense(4, activation="softmax")(layers.GlobalAveragePooling1D()(h))
model = keras.Model(tokens, out)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
model.fit(x[:1700], y[:1700], validation_data=(x[1700:], y[1700:]), epochs=8, batch_size=40, verbose=2)
print(model.evaluate(x[1700:], y[1700:], verbose=0)[1])
