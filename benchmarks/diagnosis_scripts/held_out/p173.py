import random
import torch

random.seed(403)
torch.manual_seed(403)
model = torch.nn.Sequential(torch.nn.Linear(3, 12), torch.nn.Tanh(), torch.nn.Linear(12, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = torch.nn.BCELoss()
right = []
for n in range(6000):
    a, b, c = (random.uniform(-1, 1) for _ in range(3))
    y = 1.0 if a * a + b > 0.3 * c + 0.3 else 0.0
    p = model(torch.tensor([a, b, c]))
    loss = criterion(p, torch.tensor([y]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    right.append(float((p.item() > 0.5) == (y > 0.5)))
    if n % 1000 == 999:
        print(n + 1, "loss", loss.item())
print("last 500:", sum(right[-500:]) / 500)
