import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(50)
rng = np.random.default_rng(50)
V, T, TAGS = 50, 12, 4
kind = rng.integers(0, TAGS, V)


def sample(n):
    w = rng.integers(1, V, (n, T))
    tag = kind[w]
    # after a word of kind 3 the tag of the next word goes up by one
    tag[:, 1:] = np.where(kind[w[:, :-1]] == 3, (tag[:, 1:] + 1) % TAGS, tag[:, 1:])
    return w, np.eye(TAGS, dtype="float32")[tag]


def build():
    i = keras.Input((T,), dtype="int32")
    h = keras.layers.Embedding(V, 20)(i)
    h = keras.layers.Dropout(0.2)(h)
    h = keras.layers.Bidirectional(keras.layers.GRU(20, return_sequences=True))(h)
    return keras.Model(i, keras.layers.Dense(TAGS, activation="softmax")(h))


x, y = sample(1500)
xd, yd = sample(400)
tagger = build()
tagger.compile("adam", keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["categorical_accuracy"])
tagger.optimizer.learning_rate = 8e-3
ckpt = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"tagger_{os.getpid()}.weights.h5")
tagger.fit(x, y, batch_size=50, epochs=10, validation_data=(xd, yd), verbose=2,
           callbacks=[keras.callbacks.ModelCheckpoint(ckpt, save_best_only=True, save_weights_only=True)])
tagger.load_weights(ckpt)
os.remove(ckpt)
print("tag accuracy", tagger.evaluate(xd, yd, verbose=0)[1])
