"""REINFORCE with a moving baseline on a contextual bandit: pick the lever that suits the context."""
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(19)
N_CONTEXT, N_ACTIONS = 6, 4
true_w = torch.randn(N_ACTIONS, N_CONTEXT)


def reward(ctx, action):
    scores = ctx @ true_w.t()
    best = scores.argmax(1)
    return (action == best).float() + 0.1 * torch.randn(len(ctx))


policy = nn.Sequential(nn.Linear(N_CONTEXT, 32), nn.Tanh(), nn.Linear(32, N_ACTIONS))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
baseline, history = 0.0, []

for episode in range(1, 1201):
    ctx = torch.randn(32, N_CONTEXT)
    dist = Categorical(logits=policy(ctx))
    a = dist.sample()
    r = reward(ctx, a)
    advantage = r - baseline
    loss = -(dist.log_prob(a) * advantage).mean() - 0.01 * dist.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    baseline = 0.95 * baseline + 0.05 * r.mean().item()
    history.append(r.mean().item())
    if episode % 200 == 0:
        print("episode", episode, "mean reward of the last 100: %.4f" % (sum(history[-100:]) / 100))
