import torch
import torch.nn as nn

torch.manual_seed(20)
# answers of a survey, 0 to 10
x = torch.randint(0, 11, (2000, 4)).float()
risk = (x[:, 0] + x[:, 1] > x[:, 2] + 1.5 * x[:, 3]).long()

model = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(40):
    model.train()
    for idx in torch.randperm(1600).split(32):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]), risk[idx])
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        model.eval()
        with torch.no_grad():
            acc = (model(x[1600:]).argmax(1) == risk[1600:]).float().mean().item()
        print(f"epoch {epoch + 1}, loss {loss.item():.4f}, test acc {acc:.4f}")
