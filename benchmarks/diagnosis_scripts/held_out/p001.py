import torch
import torch.nn as nn

torch.manual_seed(319)
T, B = 9, 40
y = torch.randint(0, 3, (1500,))
x = 0.5 * torch.randn(T, 1500, 3)
x += torch.eye(3)[y].unsqueeze(0) * torch.linspace(1, 0, T).view(T, 1, 1)
rnn = nn.RNN(3, 20)
lin = nn.Linear(20, 3)
opt = torch.optim.RMSprop([*rnn.parameters(), *lin.parameters()], lr=2e-3)
for ep in range(10):
    p = torch.randperm(1200)
    for i in range(0, 1200, B):
        j = p[i:i + B]
        _, h = rnn(x[:, j])
        loss = ((torch.sigmoid(lin(h[0])) - nn.functional.one_hot(y[j], 3)) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (lin(rnn(x[:, 1200:])[1][0]).argmax(1) == y[1200:]).float().mean()
    print("ep", ep, "loss", round(loss.item(), 4), "acc:", round(acc.item(), 4))
