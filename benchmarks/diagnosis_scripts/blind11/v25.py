import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

SEED = 60
VOCAB_SIZE = 120
SEQ_LEN = 14
PRETRAINED = "encoder.weights.h5"

keras.utils.set_random_seed(SEED)


def get_messages(n, rng):
    """Support messages. Urgent = a 'problem' word that is not preceded by 'no'/'without'."""
    x = rng.integers(20, VOCAB_SIZE, (n, SEQ_LEN))
    y = rng.integers(0, 2, n)
    for i in range(n):
        places = rng.choice(np.arange(1, SEQ_LEN, 2), 2, replace=False)
        for k in places:
            x[i, k] = rng.integers(3, 20)
            x[i, k - 1] = rng.integers(1, 3)
        if y[i]:
            x[i, places[0] - 1] = rng.integers(20, VOCAB_SIZE)
    return x.astype("int32"), y.astype("float32")


def build_encoder():
    return keras.Sequential(
        [
            keras.Input((SEQ_LEN,), dtype="int32"),
            layers.Embedding(VOCAB_SIZE, 24),
            layers.LSTM(32),
        ],
        name="encoder",
    )


encoder = build_encoder()
if os.path.exists(PRETRAINED):
    encoder.load_weights(PRETRAINED)
encoder.trainable = False

model = keras.Sequential(
    [encoder, layers.Dense(32, activation="relu"), layers.Dropout(0.2), layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer=keras.optimizers.Adam(4e-3), loss="binary_crossentropy", metrics=["accuracy"])

rng = np.random.default_rng(SEED)
x_train, y_train = get_messages(1500, rng)
x_val, y_val = get_messages(400, rng)
history = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=10, batch_size=32, verbose=2)
print("val_accuracy:", history.history["val_accuracy"][-1])
