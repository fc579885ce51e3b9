import os
os.environ["KERAS_BACKEND"] = "torch"
import keras, numpy as np, torch
from keras import layers

keras.utils.set_random_seed(10)
torch.manual_seed(10)


def real(n):
    a = 2 * np.pi * torch.rand(n)
    r = 1 + 0.05 * torch.randn(n)
    return torch.stack([r * torch.cos(a), r * torch.sin(a)], 1)


G = keras.Sequential([layers.Input((4,)), layers.Dense(48, activation="leaky_relu"), layers.Dense(48, activation="leaky_relu"), layers.Dense(2)])
D = keras.Sequential([layers.Input((2,)), layers.Dense(48, activation="leaky_relu"), layers.Dense(48, activation="leaky_relu"), layers.Dense(1)])
g_opt = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = torch.nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(128, 1), torch.zeros(128, 1)

for it in range(1000):
    fake = G(torch.randn(128, 4))
    d_loss = bce(D(real(128)), ones) + bce(D(fake.detach()), zeros)
    d_opt.zero_grad(); d_loss.backward(); d_opt.step()
    g_loss = bce(D(fake), ones)
    g_opt.zero_grad(); g_loss.backward(); g_opt.step()
    if it % 200 == 199:
        with torch.no_grad():
            s = G(torch.randn(2000, 4))
        r = s.norm(dim=1)
        print(f"{it + 1}: D {d_loss.item():.3f} G {g_loss.item():.3f} radius {r.mean():.3f} +- {r.std():.3f}")
near = ((r - 1).abs() < 0.2).float().mean().item()
print("share of samples near the ring: %.3f" % near)
