import os; os.environ["KERAS_BACKEND"] = "torch"
import keras, numpy as np

keras.utils.set_random_seed(99)
rng = np.random.default_rng(99)
topics = rng.dirichlet(np.full(200, 0.15), size=5)
def docs(n):
    y = rng.integers(0, 5, n)
    x = np.stack([rng.choice(200, 20, p=0.6 * topics[k] + 0.4 / 200) for k in y])
    return x, y
x, y = docs(1500); xt, yt = docs(500)

model = keras.Sequential([
    keras.layers.Embedding(200, 16),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(5, activation="softmax"),
])
model.compile(keras.optimizers.Adagrad(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])

for epoch in range(8):
    perm = rng.permutation(len(x))
    for i in range(0, len(x), 30):
        logs = model.train_on_batch(x[perm[i:i+30]], y[perm[i:i+30]], return_dict=True)
    test = model.test_on_batch(xt, yt, return_dict=True)
    print(epoch, {k: round(float(v), 3) for k, v in logs.items()}, 'test', round(float(test['accuracy']), 3))
print('top topic right for', round(float((model.predict_on_batch(xt).argmax(1) == yt).mean()), 3))
