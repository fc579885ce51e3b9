import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.utils.set_random_seed(62)
torch.manual_seed(62)
np.random.seed(62)


class Corridor:
    """Cells 0..6, start in the middle; the goal (left or right end) is shown in the observation."""

    def reset(self):
        self.pos, self.goal, self.t = 3, np.random.choice([0, 6]), 0
        return self.obs()

    def obs(self):
        o = np.zeros(9, dtype="float32")
        o[self.pos] = 1
        o[7 + (self.goal == 6)] = 1
        return o

    def step(self, action):
        self.pos = int(np.clip(self.pos + (1 if action else -1), 0, 6))
        self.t += 1
        done = self.pos == self.goal or self.t >= 12
        return self.obs(), 1.0 if self.pos == self.goal else -0.1, done


policy = keras.Sequential([keras.layers.Input((9,)), keras.layers.Dense(32, activation="tanh"), keras.layers.Dense(2)])
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
env, history = Corridor(), []
for episode in range(500):
    s, logps, rewards, done = env.reset(), [], [], False
    while not done:
        dist = torch.distributions.Categorical(logits=policy(torch.from_numpy(s)[None])[0])
        a = dist.sample()
        logps.append(dist.log_prob(a))
        s, r, done = env.step(int(a))
        rewards.append(r)
    returns, g = [], 0.0
    for r in reversed(rewards):
        g = r + 0.95 * g
        returns.insert(0, g)
    baseline = np.mean(history[-50:]) if history else 0.0
    loss = -(torch.stack(logps) * (torch.tensor(returns) - baseline)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(sum(rewards))
    if episode % 100 == 99:
        print("episodes", episode + 1, "mean reward", round(float(np.mean(history[-100:])), 3))
