# REINFORCE with a baseline on a 1-d corridor: start in the middle, goal at the right end, pit at the left.
import random
import torch
import torch.nn as nn
from torch.distributions import Categorical

random.seed(19)
torch.manual_seed(19)


class Corridor:
    SIZE = 9

    def reset(self):
        self.pos, self.t = self.SIZE // 2, 0
        return self.observe()

    def observe(self):
        o = torch.zeros(self.SIZE)
        o[self.pos] = 1
        return o

    def step(self, action):
        move = 1 if action == 1 else -1
        if random.random() < 0.1:
            move = -move
        self.pos += move
        self.t += 1
        if self.pos == self.SIZE - 1:
            return self.observe(), 1.0, True
        if self.pos == 0:
            return self.observe(), -1.0, True
        return self.observe(), -0.02, self.t >= 30


policy = nn.Sequential(nn.Linear(9, 24), nn.Tanh(), nn.Linear(24, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
env = Corridor()
history, baseline = [], 0.0

for episode in range(1, 301):
    obs, done = env.reset(), False
    log_probs, rewards = [], []
    while not done:
        dist = Categorical(logits=policy(obs))
        a = dist.sample()
        obs, r, done = env.step(a.item())
        log_probs.append(dist.log_prob(a))
        rewards.append(r)
    g, returns = 0.0, []
    for r in reversed(rewards):
        g = r + 0.98 * g
        returns.insert(0, g)
    adv = torch.tensor(returns) - baseline
    baseline = 0.95 * baseline + 0.05 * returns[0]
    loss = -(torch.stack(log_probs) * adv).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(sum(rewards))
    if episode % 50 == 0:
        print(f"episode {episode}: mean return of the last 50 = {sum(history[-50:]) / 50:.3f}")
