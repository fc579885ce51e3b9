# 1-D GAN: learn N(4, 1.25)
import torch
import torch.nn as nn

torch.manual_seed(1)
real_mean, real_std = 4.0, 1.25

G = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
D = nn.Sequential(nn.Linear(1, 24), nn.LeakyReLU(0.2), nn.Linear(24, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
averaged = torch.optim.swa_utils.AveragedModel(G, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
g_opt = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
B = 128
ones, zeros = torch.ones(B, 1), torch.zeros(B, 1)

for step in range(1, 2501):
    real = real_mean + real_std * torch.randn(B, 1)
    fake = G(torch.randn(B, 1))
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()

    g_loss = bce(D(G(torch.randn(B, 1))), ones)
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    averaged.update_parameters(G)
    if step % 250 == 0:
        with torch.no_grad():
            s = averaged(torch.randn(4000, 1))
        print(f"step {step}: D {d_loss.item():.3f} G {g_loss.item():.3f} | samples mean {s.mean():.2f} std {s.std():.2f}"
              f" | distance {abs(s.mean() - real_mean) + abs(s.std() - real_std):.3f}")
