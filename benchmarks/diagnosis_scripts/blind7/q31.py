# T-maze: the cue is shown at the first cell only, the agent must remember it to the junction. REINFORCE, GRU policy.
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(15)
LENGTH, BATCH = 6, 64


class Policy(nn.Module):
    def __init__(self, hid=24):
        super().__init__()
        self.cell = nn.GRUCell(4, hid)
        self.pi = nn.Linear(hid, 2)
        self.v = nn.Linear(hid, 1)
        self.hid = hid

    def forward(self, obs, h):
        h = self.cell(obs, h)
        return Categorical(logits=self.pi(h)), self.v(h).squeeze(-1), h


def episode(policy, n, greedy=False):
    """Corridor of LENGTH cells. Action at the junction: 0 left, 1 right; in the corridor both walk on."""
    cue = torch.randint(0, 2, (n,))
    h = torch.zeros(n, policy.hid)
    for t in range(LENGTH):
        obs = torch.zeros(n, 4)
        if t == 0:
            obs[torch.arange(n), cue] = 1
        obs[:, 2] = float(t == LENGTH - 1)
        obs[:, 3] = torch.rand(n)
        dist, value, h = policy(obs, h)
    action = dist.probs.argmax(-1) if greedy else dist.sample()
    reward = torch.where(action == cue, 1.0, -0.2)
    return dist, action, value, reward


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=8e-3)
average = 0.0
for update in range(1, 401):
    dist, action, value, reward = episode(policy, BATCH)
    advantage = reward - value.detach()
    actor = -(dist.log_prob(action) * advantage).mean()
    critic = (reward - value).pow(2).mean()
    loss = actor + 0.5 * critic - 0.01 * dist.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optimizer.step()
    average = 0.95 * average + 0.05 * reward.mean().item()
    if update % 50 == 0:
        print(f"update {update} running reward {average:.3f} loss {loss.item():+.3f}")
with torch.no_grad():
    _, _, _, reward = episode(policy, 500, greedy=True)
print("share of mazes solved", round((reward > 0).float().mean().item(), 4))
