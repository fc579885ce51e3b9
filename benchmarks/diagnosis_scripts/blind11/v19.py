import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

# Word-level language model in the style of the PyTorch example: plain SGD with a rate of 20,
# gradient clipping at 0.25, annealed by 4 when the validation loss does not fall.
SEED = 1111
EMSIZE, NHID, BPTT, BATCH = 48, 48, 18, 16
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

DET, ADJ = ["the", "a"], ["old", "red", "small"]
NOUN, VERB = ["dog", "cat", "bird", "man"], ["sees", "bites", "likes"]


def sentence():
    w = [rng.choice(DET)] + ([rng.choice(ADJ)] if rng.random() < 0.3 else [])
    i = rng.integers(0, 4)
    w += [NOUN[i], VERB[i % 3], rng.choice(DET), NOUN[(i + 1) % 4]]
    return w + ["<eos>"]


tokens = [w for _ in range(2600) for w in sentence()]
vocab = {w: i for i, w in enumerate(sorted(set(tokens)))}
ids = np.array([vocab[w] for w in tokens])
print(len(ids), "tokens,", len(vocab), "words")


def batches(data):
    n = (len(data) - 1) // BPTT
    x = data[: n * BPTT].reshape(n, BPTT)
    y = data[1: n * BPTT + 1].reshape(n, BPTT)
    return x, y


cut = int(len(ids) * 0.85)
x, y = batches(ids[:cut])
xv, yv = batches(ids[cut:])

model = keras.Sequential([
    keras.Input((BPTT,), dtype="int32"),
    keras.layers.Embedding(len(vocab), EMSIZE),
    keras.layers.GRU(NHID, return_sequences=True),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(len(vocab)),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=20.0, global_clipnorm=0.25),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)


def stream():
    while True:
        order = rng.permutation(len(x))
        for i in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[i:i + BATCH]
            yield x[rows], y[rows]


model.fit(stream(), steps_per_epoch=len(x) // BATCH, epochs=12, validation_data=(xv, yv), verbose=2,
          callbacks=[keras.callbacks.ReduceLROnPlateau(factor=0.25, patience=1, min_delta=1e-3)])
val = model.evaluate(xv, yv, verbose=0)
uni = np.bincount(ids) / len(ids)
print("unigram perplexity", round(float(np.exp(-(uni * np.log(uni)).sum())), 3))
print("validation perplexity", round(float(np.exp(val)), 3))
