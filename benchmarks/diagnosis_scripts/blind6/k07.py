import os; os.environ["KERAS_BACKEND"] = "jax"
import numpy as np, keras
from keras import layers

"""
Bearing failures. Only about one recording in 25 is a failure, so the loss gets class weights;
we look at recall of both classes and at the ROC AUC.
"""
SEED = 8
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

def recordings(n):
    y = (rng.random(n) < 0.04).astype("float32")
    x = rng.normal(size=(n, 24, 3))
    ramp = np.linspace(0.1, 0.75, 24)
    x[y == 1, :, 0] += ramp
    x[y == 1, :, 1] -= ramp
    return x.astype("float32"), y

x_tr, y_tr = recordings(3000)
x_va, y_va = recordings(2000)
neg, pos = np.bincount(y_tr.astype(int))
weights = {0: len(y_tr) / (2 * neg), 1: len(y_tr) / (2 * pos)}
print("class weights", weights)

net = keras.Sequential([
    layers.Input((24, 3)),
    layers.GRU(16),
    layers.Dense(1, activation="sigmoid"),
])
net.compile("adam", "binary_crossentropy",
            weighted_metrics=[],
            metrics=[keras.metrics.AUC(name="auc"), keras.metrics.Recall(name="recall")])
net.fit(x_tr, y_tr, class_weight=weights, epochs=8, batch_size=64, validation_data=(x_va, y_va), verbose=2)

prob = net.predict(x_va, verbose=0)[:, 0]
hit = ((prob > .5) & (y_va == 1)).sum() / (y_va == 1).sum()
quiet = ((prob <= .5) & (y_va == 0)).sum() / (y_va == 0).sum()
print(f"recall {hit:.3f}  true negative rate {quiet:.3f}  balanced {(hit + quiet) / 2:.3f}")
