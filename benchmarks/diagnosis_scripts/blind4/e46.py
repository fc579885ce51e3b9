import os
os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import keras
from keras import layers, Sequential

# Gesture data set: files are read folder by folder (one folder per gesture)
GESTURES = ["swipe_left", "swipe_right", "circle", "tap", "zigzag"]
keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)


def read_folder(gesture, count, steps=16):
    t = np.linspace(0, 1, steps)
    out = []
    for _ in range(count):
        a = rng.uniform(0.7, 1.3)
        if gesture == "swipe_left":
            xy = np.stack([-a * t, 0 * t])
        elif gesture == "swipe_right":
            xy = np.stack([a * t, 0 * t])
        elif gesture == "circle":
            xy = np.stack([a * np.sin(6.28 * t), a * np.cos(6.28 * t) - a])
        elif gesture == "tap":
            xy = np.stack([0 * t, -a * np.exp(-((t - 0.5) ** 2) / 0.01)])
        else:
            xy = np.stack([a * t, 0.5 * np.sign(np.sin(18 * t))])
        out.append(xy.T + 0.25 * rng.normal(size=(steps, 2)))
    return np.array(out, dtype="float32")


X_train = np.concatenate([read_folder(g, 160) for g in GESTURES])
y_train = np.repeat(np.arange(len(GESTURES)), 160)
X_test = np.concatenate([read_folder(g, 60) for g in GESTURES])
y_test = np.repeat(np.arange(len(GESTURES)), 60)

model = Sequential([
    layers.Input((16, 2)),
    layers.LSTM(24),
    layers.Dense(len(GESTURES), activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.SGD(0.1, momentum=0.9), metrics=["accuracy"])

batch_size = 32
for epoch in range(10):
    losses = []
    idx = np.arange(len(X_train))
    for start in range(0, len(idx), batch_size):
        b = idx[start:start + batch_size]
        loss, _ = model.train_on_batch(X_train[b], y_train[b])
        losses.append(float(loss))
    val = model.evaluate(X_test, y_test, verbose=0)
    print(f"epoch {epoch}: loss {np.mean(losses):.4f}  test loss {val[0]:.4f}  test acc {val[1]:.4f}")
print("test accuracy", val[1])
