import torch
import torch.nn as nn

torch.manual_seed(321)
vecs = torch.randn(40, 12)
group = (vecs[:, 0] > 0).long()
tokens = torch.randint(0, 40, (2000, 11))
y = (group[tokens].sum(1) >= 6).long()


class Classifier(nn.Module):
    def __init__(self, embeddings):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(embeddings, freeze=True)
        self.rnn = nn.LSTM(12, 24, batch_first=True)
        self.norm = nn.LayerNorm(24)
        self.fc = nn.Linear(24, 2)
        self.aux = nn.Linear(24, 5)  # second task, planned for later

    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.fc(self.norm(h[:, -1]))


model = Classifier(vecs)
decay = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim > 1]
rest = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim <= 1]
opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=3e-3)
for epoch in range(15):
    model.train()
    for idx in torch.randperm(1600).split(40):
        loss = nn.functional.cross_entropy(model(tokens[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        acc = (model(tokens[1600:]).argmax(1) == y[1600:]).float().mean().item()
    print(f"epoch {epoch:02d} loss {loss.item():.3f} val acc {acc:.3f}")
