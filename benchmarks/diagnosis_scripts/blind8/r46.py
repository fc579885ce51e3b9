import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

# echo cancellation: adapt a 5 tap filter online, one sample after the other, in the order of arrival
keras.utils.set_random_seed(22)
np.random.seed(22)

taps = np.array([0.6, -0.3, 0.15, 0.0, 0.05])
far = np.random.randn(1600)
for i in range(1, len(far)):
    far[i] += 0.4 * far[i - 1]
echo = np.convolve(far, taps)[:len(far)] + 0.03 * np.random.randn(len(far))

model = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(1, use_bias=False)])
model.compile(keras.optimizers.SGD(0.03), "mse")
err = []
for i in range(5, len(far)):
    window = far[i - 4:i + 1][::-1][None].astype("float32")
    y = np.array([[echo[i]]], dtype="float32")
    residual = float(model.train_on_batch(window, y))
    err.append(residual)
    if i % 400 == 0:
        print(i, "residual power", np.mean(err[-100:]))
print("found taps", model.get_weights()[0].ravel().round(2))
print("echo left over: %.5f of the power" % (np.mean(err[-300:]) / echo.var()))
