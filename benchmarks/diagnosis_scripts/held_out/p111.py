import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.utils.set_random_seed(72)
rng = np.random.default_rng(72)
# balance of an account after three to eight bookings, starting from nothing
bookings = torch.tensor(rng.standard_normal((2240, 8, 1)), dtype=torch.float32)

seq = keras.Input((None, 1))
start = keras.Input((24,))
out, end = keras.layers.GRU(24, return_state=True)(seq, initial_state=start)
model = keras.Model([seq, start], [keras.layers.Dense(1)(out), end])
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)

for epoch in range(6):
    perm = rng.permutation(1920)
    total = 0.0
    state = torch.zeros(32, 24)
    for i in range(0, 1920, 32):
        idx = perm[i:i + 32]
        x = bookings[idx, :int(rng.integers(3, 9))]
        pred, state = model([x, state], training=True)
        state = state.detach()
        loss = ((pred - x.sum(1)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        pred, _ = model([bookings[1920:, :6], torch.zeros(320, 24)])
        mse = ((pred - bookings[1920:, :6].sum(1)) ** 2).mean().item()
    print(f"epoch {epoch} loss {total / 60:.4f} test mse {mse:.4f}")
