import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(0)


class Corridor:
    """Walk right to the goal at 6 within 12 moves."""

    def reset(self):
        self.pos, self.t = 3, 0
        return self.obs()

    def obs(self):
        o = torch.zeros(7)
        o[self.pos] = 1.0
        return o

    def step(self, action):
        self.t += 1
        self.pos = max(0, min(6, self.pos + (1 if action == 1 else -1)))
        done = self.pos == 6 or self.t >= 12
        return self.obs(), (1.0 if self.pos == 6 else -0.05), done


policy = nn.Sequential(nn.Linear(7, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
env = Corridor()
avg = 0.0
for episode in range(400):
    obs, done, logps, rewards = env.reset(), False, [], []
    while not done:
        dist = Categorical(logits=policy(obs))
        a = dist.sample()
        logps.append(dist.log_prob(a))
        obs, r, done = env.step(a.item())
        rewards.append(r)
    ret, returns = 0.0, []
    for r in reversed(rewards):
        ret = r + 0.95 * ret
        returns.insert(0, ret)
    returns = torch.tensor(returns) - avg
    loss = -(torch.stack(logps) * returns).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    avg = 0.95 * avg + 0.05 * sum(rewards)
    if episode % 50 == 49:
        print(f"episode {episode + 1} average reward {avg:.3f}")
