import random
from collections import deque

import torch
import torch.nn as nn

random.seed(306)
torch.manual_seed(306)
SIZE, GOAL = 8, 7
q = nn.Sequential(nn.Linear(SIZE, 32), nn.ReLU(), nn.Linear(32, 2))
target = nn.Sequential(nn.Linear(SIZE, 32), nn.ReLU(), nn.Linear(32, 2))
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
eye = torch.eye(SIZE)
memory = deque(maxlen=2000)


def move(s, a):
    s2 = max(0, s + (1 if a else -1))
    return s2, (1.0 if s2 == GOAL else 0.0), s2 == GOAL


steps = 0
for episode in range(80):
    s, done, n = random.randrange(GOAL), False, 0
    while not done and n < 30:
        eps = max(0.1, 1 - episode / 50)
        a = random.randrange(2) if random.random() < eps else int(q(eye[s]).argmax())
        s2, r, done = move(s, a)
        memory.append((s, a, r, s2, done))
        s, n, steps = s2, n + 1, steps + 1
        if len(memory) >= 64:
            b = random.sample(memory, 32)
            S, A, R, S2, D = (torch.tensor(v) for v in zip(*b))
            with torch.no_grad():
                y = R + 0.9 * target(eye[S2]).max(1).values * (~D)
            loss = nn.functional.smooth_l1_loss(q(eye[S]).gather(1, A[:, None]).squeeze(1), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if steps % 50 == 0:
            target.load_state_dict(q.state_dict())
    if episode % 20 == 19:
        print("episode", episode + 1, "steps", n)
solved = 0
for start in range(GOAL):
    s, n, done = start, 0, False
    while not done and n < 10:
        s, _, done = move(s, int(q(eye[s]).argmax()))
        n += 1
    solved += done
print("solved in", solved / GOAL)
