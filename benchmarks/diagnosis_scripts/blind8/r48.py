import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

SEED = 14
keras.utils.set_random_seed(SEED)
text = ("she sells sea shells by the sea shore and the shells she sells are sea shells for sure. "
        "peter piper picked a peck of pickled peppers. how much wood would a wood chuck chuck. ") * 12
chars = sorted(set(text))
ids = np.array([chars.index(c) for c in text])
T, B = 16, 16
rows = (len(ids) - 1) // B
x = ids[:rows * B].reshape(B, rows)
y = ids[1:rows * B + 1].reshape(B, rows)

model = keras.Sequential([
    keras.layers.Embedding(len(chars), 24),
    keras.layers.GRU(64, return_sequences=True),
    keras.layers.Dense(len(chars)),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=5.0, global_clipnorm=0.25),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
lr = 5.0
best = float("inf")
for epoch in range(30):
    losses = [float(model.train_on_batch(x[:, i:i + T], y[:, i:i + T])) for i in range(0, rows - T, T)]
    ppl = float(np.exp(np.mean(losses)))
    if ppl > best:
        lr /= 2
        model.optimizer.learning_rate = lr
    best = min(best, ppl)
    print(f"epoch {epoch:2d} | lr {lr:.2f} | ppl {ppl:.3f}")
