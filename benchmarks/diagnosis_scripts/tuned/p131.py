import numpy as np
import torch
import torch.nn as nn

np.random.seed(0)
torch.manual_seed(0)
data = np.random.randint(0, 10, size=(200, 3, 1)).astype("float32")
labels = np.random.randint(0, 2, size=200)
data[:, 0, 0] = labels
x = torch.from_numpy(data)
y = torch.from_numpy(labels)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 15, num_layers=3, batch_first=True)
        self.dense = nn.Linear(15, 2)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.dense(out[:, -1])


model = Model()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(60):
    perm = torch.randperm(200)
    loss_sum, hits = 0.0, 0
    for i in range(0, 200, 32):
        idx = perm[i:i + 32]
        out = model(x[idx])
        loss = loss_fn(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(idx)
        hits += (out.argmax(1) == y[idx]).sum().item()
    print(f"Epoch {epoch + 1}/60 - loss: {loss_sum / 200:.4f} - acc {hits / 200:.4f}")
