# REINFORCE in a corridor: walk right to the goal, -1 a step, +10 there. A GRU cell remembers.
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(10)
LENGTH, LIMIT = 6, 20


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(LENGTH, 16)
        self.action = nn.Linear(16, 2)
        self.value = nn.Linear(16, 1)

    def forward(self, pos, h):
        x = torch.zeros(1, LENGTH)
        x[0, pos] = 1.0
        h = self.cell(x, h)
        return Categorical(logits=self.action(h)), self.value(h).squeeze(), h


def episode(policy):
    pos, h = 0, torch.zeros(1, 16)
    logps, values, rewards = [], [], []
    for _ in range(LIMIT):
        dist, value, h = policy(pos, h)
        a = dist.sample()
        logps.append(dist.log_prob(a).squeeze())
        values.append(value)
        pos = max(0, pos + (1 if a.item() == 1 else -1))
        if pos == LENGTH - 1:
            rewards.append(1.0)
            break
        rewards.append(-0.1)
    return torch.stack(logps), torch.stack(values), rewards


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
recent = []
for ep in range(1, 301):
    logps, values, rewards = episode(policy)
    returns, g = [], 0.0
    for r in reversed(rewards):
        g = r + 0.97 * g
        returns.insert(0, g)
    returns = torch.tensor(returns)
    advantage = returns - values.detach()
    loss = -(logps * advantage).sum() + 0.5 * ((values - returns) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    recent = (recent + [sum(rewards)])[-50:]
    if ep % 50 == 0:
        print(f"episode {ep}\tmean return of the last 50: {sum(recent) / len(recent):.3f}")
