import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(202)
B, T, CHUNKS = 8, 10, 20
t = np.arange(B * (T * CHUNKS + 1))
wave = np.sin(t * 0.23) + 0.5 * np.sin(t * 0.041)
streams = wave.reshape(B, -1)
# chunk k of every stream follows chunk k - 1 of the same stream
x = np.concatenate([streams[:, k * T:(k + 1) * T] for k in range(CHUNKS)])[..., None].astype("float32")
y = np.concatenate([streams[:, k * T + 1:(k + 1) * T + 1] for k in range(CHUNKS)])[..., None].astype("float32")

model = keras.Sequential([
    keras.Input(batch_shape=(B, T, 1)),
    keras.layers.GRU(24, stateful=True, return_sequences=True),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
for epoch in range(25):
    h = model.fit(x, y, batch_size=B, shuffle=False, epochs=1, verbose=0)
    model.layers[0].reset_states()
    if epoch % 5 == 4:
        print(epoch + 1, h.history["loss"][0])
print("one-step mse", h.history["loss"][0])
