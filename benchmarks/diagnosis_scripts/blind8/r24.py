import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

seed = 5
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)

VOCAB = 40
MAXLEN = 12
EPOCHS = 10


def reviews(n):
    """Token ids; 1..9 praise, 10..18 complaint, 19 negates the next token."""
    x = rng.integers(19, VOCAB, size=(n, MAXLEN))
    score = np.zeros(n)
    for row in range(n):
        for pos in rng.choice(MAXLEN - 1, 3, replace=False):
            good = rng.random() < 0.5
            x[row, pos + 1] = rng.integers(1, 10) if good else rng.integers(10, 19)
    for pos in range(1, MAXLEN):
        sign = np.where(x[:, pos - 1] == 19, -1, 1)
        score += sign * ((x[:, pos] < 10).astype(int) - ((x[:, pos] >= 10) & (x[:, pos] < 19)).astype(int))
    keep = score != 0
    return x[keep].astype("int32"), (score[keep] > 0).astype("float32")


x_train, y_train = reviews(2000)
x_test, y_test = reviews(800)

schedule = keras.optimizers.schedules.ExponentialDecay(
    initial_learning_rate=2e-3, decay_steps=EPOCHS, decay_rate=0.5, staircase=True
)

model = keras.Sequential([
    keras.layers.Embedding(VOCAB, 16),
    keras.layers.GRU(24),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(schedule), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs=EPOCHS, validation_data=(x_test, y_test), verbose=2)
print("accuracy on unseen reviews: {:.3f}".format(model.evaluate(x_test, y_test, verbose=0)[1]))
