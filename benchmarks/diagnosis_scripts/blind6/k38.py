import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras.layers import Dense, Input

# Genes -> therapy response. 90 patients, 60 expression values.
keras.utils.set_random_seed(31)
np.random.seed(31)

true_w = np.zeros(60)
true_w[:6] = [1.2, -1.0, 0.8, 0.8, -0.7, 0.6]

def cohort(n):
    X = np.random.randn(n, 60)
    p = 1 / (1 + np.exp(-1.2 * X @ true_w))
    return X.astype("float32"), (np.random.rand(n) < p).astype("float32")

X_train, y_train = cohort(90)
X_val, y_val = cohort(400)

model = keras.Sequential([
    Input((60,)),
    Dense(256, activation="relu"),
    Dense(256, activation="relu"),
    Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])

hist = model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=80, batch_size=16, verbose=0)
for e in range(0, 80, 20):
    print("epoch %3d" % e, " ".join("%s %.3f" % (k, v[e]) for k, v in sorted(hist.history.items())))
res = model.evaluate(X_val, y_val, verbose=0)
print("validation accuracy %.3f, cross entropy %.3f" % (res[1], res[0]))
