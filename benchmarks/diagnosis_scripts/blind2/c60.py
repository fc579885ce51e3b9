import torch
import torch.nn as nn

torch.manual_seed(41)
cfg = {"hidden": 32, "layers": 2, "p": 0.95, "lr": 3e-3, "epochs": 12}


class Reviews(nn.Module):
    def __init__(self, vocab=50):
        super().__init__()
        self.emb = nn.Embedding(vocab, 24)
        self.emb_drop = nn.Dropout(cfg["p"])
        self.rnn = nn.LSTM(24, cfg["hidden"], cfg["layers"], batch_first=True, dropout=cfg["p"])
        self.drop = nn.Dropout(cfg["p"])
        self.fc = nn.Linear(cfg["hidden"], 3)

    def forward(self, ids):
        x = self.emb_drop(self.emb(ids))
        out, _ = self.rnn(x)
        return self.fc(self.drop(out.mean(dim=1)))


def reviews(n, length=12):
    stars = torch.randint(0, 3, (n,))
    ids = torch.randint(15, 50, (n, length))
    for j in range(3):
        col = torch.randint(0, length, (n,))
        ids[torch.arange(n), col] = stars * 5 + torch.randint(0, 5, (n,))
    return ids, stars


train_ids, train_stars = reviews(1500)
dev_ids, dev_stars = reviews(500)
model = Reviews()
opt = torch.optim.Adam(model.parameters(), lr=cfg["lr"])
for epoch in range(cfg["epochs"]):
    model.train()
    for i in range(0, 1500, 30):
        if i == 0:
            perm = torch.randperm(1500)
        j = perm[i:i + 30]
        loss = nn.functional.cross_entropy(model(train_ids[j]), train_stars[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        acc = (model(dev_ids).argmax(1) == dev_stars).float().mean().item()
    print("epoch %d loss %.3f dev acc %.3f" % (epoch, loss.item(), acc))
