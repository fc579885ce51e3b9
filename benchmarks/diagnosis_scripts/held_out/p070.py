import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(203)
rng = np.random.default_rng(203)
# "pretrained" vectors: each word has a topic direction and some noise
topics = rng.standard_normal((3, 20))
word_topic = rng.integers(0, 3, 300)
vectors = topics[word_topic] + 0.5 * rng.standard_normal((300, 20))
docs = np.empty((1500, 15), int)
y = rng.integers(0, 3, 1500)
for i in range(1500):
    p = np.where(word_topic == y[i], 4.0, 1.0)
    docs[i] = rng.choice(300, 15, p=p / p.sum())

emb = keras.layers.Embedding(300, 20, trainable=False)
emb.build((None, 15))
emb.set_weights([vectors])
model = keras.Sequential([
    emb,
    keras.layers.Bidirectional(keras.layers.LSTM(16)),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(docs[:1200], y[:1200], epochs=7, batch_size=32, validation_split=0.1, verbose=2)
print("accuracy:", model.evaluate(docs[1200:], y[1200:], verbose=0)[1])
