"""LSTM over one long recording per stream, cut into consecutive pieces; the state goes from piece to piece."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

keras.utils.set_random_seed(21)

STREAMS, PIECE, PIECES = 8, 10, 30
# a switch turns on and off; the output is the switch low-passed over ~20 steps
total = PIECE * PIECES
rng = np.random.default_rng(21)
switch = np.zeros((STREAMS, total), dtype="float32")
for b in range(STREAMS):
    value = 0.0
    for t in range(total):
        if rng.random() < 0.08:
            value = 1.0 - value
        switch[b, t] = value
level = np.zeros_like(switch)
for t in range(1, total):
    level[:, t] = 0.93 * level[:, t - 1] + 0.07 * switch[:, t - 1]


class Filter(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.lstm = keras.layers.LSTM(units, return_sequences=True, return_state=True)
        self.out = keras.layers.Dense(1)

    def start(self, streams):
        return [torch.zeros(streams, self.units), torch.zeros(streams, self.units)]

    def call(self, x, state):
        seq, h, c = self.lstm(x, initial_state=state)
        return self.out(seq), [h, c]


x = torch.tensor(switch)[..., None]
y = torch.tensor(level)[..., None]
model = Filter(20)
model(x[:, :PIECE], model.start(STREAMS))
optimizer = keras.optimizers.Adam(5e-3)
loss_fn = keras.losses.MeanSquaredError()

for epoch in range(15):
    state, losses = model.start(STREAMS), []
    for k in range(PIECES):
        span = slice(k * PIECE, (k + 1) * PIECE)
        pred, state = model(x[:, span], state)
        loss = loss_fn(y[:, span], pred)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            optimizer.apply([v.value.grad for v in model.trainable_weights], model.trainable_weights)
        state = [s.detach() for s in state]
        losses.append(loss.item())
    print(f"epoch {epoch + 1} mse {np.mean(losses):.5f}")
print("explained variance %.4f" % (1 - np.mean(losses) / level.var()))
