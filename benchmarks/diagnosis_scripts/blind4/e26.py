"""REINFORCE with a moving baseline on a corridor: walk right, not left, and pick up the key first."""
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(4)
CELLS, LIMIT = 6, 14


class Corridor:
    def reset(self):
        self.pos, self.key, self.t = 2, False, 0
        return self.state()

    def state(self):
        s = torch.zeros(CELLS + 1)
        s[self.pos] = 1.0
        s[-1] = float(self.key)
        return s

    def step(self, action):
        self.t += 1
        self.pos = max(0, min(CELLS - 1, self.pos + (1 if action else -1)))
        if self.pos == 0:
            self.key = True
        done = self.t >= LIMIT
        reward = -0.02
        if self.pos == CELLS - 1 and self.key:
            reward, done = 1.0, True
        return self.state(), reward, done


policy = nn.Sequential(nn.Linear(CELLS + 1, 32), nn.Tanh(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
env = Corridor()
baseline, recent = 0.0, []

for episode in range(1, 701):
    state, done = env.reset(), False
    log_probs, rewards = [], []
    while not done:
        dist = Categorical(logits=policy(state))
        action = dist.sample()
        log_probs.append(dist.log_prob(action))
        state, r, done = env.step(action.item())
        rewards.append(r)
    ret, returns = 0.0, []
    for r in reversed(rewards):
        ret = r + 0.97 * ret
        returns.insert(0, ret)
    returns = torch.tensor(returns)
    baseline = 0.95 * baseline + 0.05 * returns[0].item()
    loss = -(torch.stack(log_probs) * (returns - baseline)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    recent.append(sum(rewards))
    if episode % 100 == 0:
        print("episode", episode, "mean reward", sum(recent[-100:]) / 100)
print("mean reward of the last 100 episodes", sum(recent[-100:]) / 100)
