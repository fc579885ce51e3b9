"""T-maze: the hint is shown only in the first room; a GRU policy has to remember it (REINFORCE)."""
import torch
from torch import nn
from torch.distributions import Categorical

SEED = 17
torch.manual_seed(SEED)
CORRIDOR = 6


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 24)
        self.pi = nn.Linear(24, 2)
        self.value = nn.Linear(24, 1)

    def forward(self, obs, h):
        h = self.cell(obs, h)
        return Categorical(logits=self.pi(h)), self.value(h).squeeze(-1), h


def rollout(policy, n):
    """Play n mazes at once. Returns the log probability of the turn, the value, the reward and the entropy."""
    goal = torch.randint(0, 2, (n,))
    h = torch.zeros(n, 24)
    for pos in range(CORRIDOR):
        obs = torch.zeros(n, 3)
        if pos == 0:
            obs[torch.arange(n), goal] = 1.0
        obs[:, 2] = float(pos == CORRIDOR - 1)
        dist, value, h = policy(obs, h)
    action = dist.sample()
    reward = torch.where(action == goal, 4.0, -0.1)
    return dist.log_prob(action), value, reward, dist.entropy()


policy = Policy()
optim = torch.optim.RMSprop(policy.parameters(), lr=3e-3)
history = []
for episode in range(1, 401):
    logp, value, reward, entropy = rollout(policy, 32)
    advantage = reward - value.detach()
    loss = -(logp * advantage).mean() + 0.5 * (reward - value).pow(2).mean() - 0.01 * entropy.mean()
    optim.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optim.step()
    history.append(reward.mean().item())
    if episode % 50 == 0:
        print(f"update {episode:4d}  mean reward of the last 50: {sum(history[-50:]) / 50:.3f}")
print(f"reward at the end (4.0 is perfect): {sum(history[-20:]) / 20:.3f}")
