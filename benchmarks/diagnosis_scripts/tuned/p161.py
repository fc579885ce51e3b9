import torch
import torch.nn as nn

torch.manual_seed(402)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, o))


gen, critic = mlp(2, 2), mlp(2, 1)
og = torch.optim.RMSprop(gen.parameters(), lr=1e-3)
oc = torch.optim.RMSprop(critic.parameters(), lr=1e-3)
centre = torch.tensor([1.0, -1.0])
for it in range(500):
    for _ in range(5):
        real = centre + 0.3 * torch.randn(64, 2)
        fake = gen(torch.randn(64, 2)).detach()
        c_loss = critic(fake).mean() - critic(real).mean()
        oc.zero_grad()
        c_loss.backward()
        oc.step()
        for p in critic.parameters():
            p.data.clamp_(-0.1, 0.1)
    g_loss = -critic(gen(torch.randn(64, 2))).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    if it % 100 == 99:
        print(f"[{it + 1}] critic {c_loss.item():.4f} generator {g_loss.item():.4f}")
s = gen(torch.randn(2000, 2)).detach()
print("gap", (s.mean(0) - centre).norm().item())
