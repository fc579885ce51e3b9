import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

np.random.seed(77)
keras.utils.set_random_seed(77)

num_words, maxlen = 300, 12
weights = np.random.randn(num_words) * (np.random.rand(num_words) < 0.3)

def corpus(n):
    docs = np.random.randint(0, num_words, (n, maxlen))
    p = 1 / (1 + np.exp(-1.2 * weights[docs].sum(1)))
    return docs, (np.random.rand(n) < p).astype("float32")

(x_train, y_train), (x_val, y_val) = corpus(500), corpus(1000)

model = keras.Sequential([
    keras.layers.Embedding(num_words, 48),
    keras.layers.Bidirectional(keras.layers.LSTM(24)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["acc"])
history = model.fit(x_train, y_train, epochs=30, batch_size=25, validation_data=(x_val, y_val), verbose=0)
for name in ("loss", "acc", "val_acc", "val_loss"):
    print(name, [round(v, 3) for v in history.history[name][::6]])
loss, acc = model.evaluate(x_val, y_val, verbose=0)
print("Validation accuracy:", round(acc, 3), "loss:", round(loss, 3))
