"""L-BFGS on a small Keras network through the torch backend (pendulum period from length and swing)."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

keras.utils.set_random_seed(15)

length = np.random.uniform(0.2, 2.0, 400)
swing = np.random.uniform(0.05, 2.5, 400)
period = 2 * np.pi * np.sqrt(length / 9.81) * (1 + swing**2 / 16 + 11 * swing**4 / 3072)
x = np.stack([(length - 1.1) / 0.5, (swing - 1.25) / 0.7], 1)
y = (period - period.mean()) / period.std()
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32)
x_train, y_train, x_test, y_test = x[:300], y[:300], x[300:], y[300:]

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
opt = torch.optim.LBFGS(model.parameters(), lr=1.0, max_iter=10, history_size=20, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x_train), y_train)
    loss.backward()
    return loss


for step in range(40):
    loss = opt.step(closure)
    if step % 5 == 0:
        with torch.no_grad():
            test = torch.nn.functional.mse_loss(model(x_test), y_test)
        print(f"step {step:3d} train {loss.item():.6f} test {test.item():.6f}")
with torch.no_grad():
    print(f"test R2 {1 - torch.nn.functional.mse_loss(model(x_test), y_test).item() / y_test.var().item():.5f}")
