"""Transfer: a GRU pretrained as a language model is kept fixed, only a new head is trained for classification."""
import torch
import torch.nn as nn

torch.manual_seed(18)

V, T, H = 12, 16, 48
transition = torch.softmax(2.0 * torch.randn(3, V, V), -1)  # three 'dialects'


def corpus(n):
    dialect = torch.randint(0, 3, (n,))
    s = [torch.randint(0, V, (n,))]
    for _ in range(T):
        s.append(torch.multinomial(transition[dialect, s[-1]], 1).squeeze(1))
    return torch.stack(s, 1), dialect


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, 16)
        self.gru = nn.GRU(16, H, batch_first=True)

    def forward(self, s):
        return self.gru(self.emb(s))[0]


backbone = Backbone()
lm_head = nn.Linear(H, V)
text, _ = corpus(1200)
opt = torch.optim.Adam([*backbone.parameters(), *lm_head.parameters()], lr=5e-3)
print("-- pretraining")
for epoch in range(8):
    for idx in torch.randperm(len(text)).split(40):
        logits = lm_head(backbone(text[idx, :-1]))
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), text[idx, 1:].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch} next-token loss {loss.item():.3f}")

for p in backbone.parameters():
    p.requires_grad = False
backbone.eval()
head = nn.Sequential(nn.Linear(H, 24), nn.ReLU(), nn.Linear(24, 3))
opt = torch.optim.Adam(head.parameters(), lr=1e-2)
xl, yl = corpus(500)
xt, yt = corpus(400)
print("-- classifier")
for epoch in range(15):
    for idx in torch.randperm(len(xl)).split(25):
        loss = nn.functional.cross_entropy(head(backbone(xl[idx]).mean(1)), yl[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            acc = (head(backbone(xt).mean(1)).argmax(1) == yt).float().mean().item()
        print(f"epoch {epoch + 1} loss {loss.item():.3f} accuracy {acc:.3f}")
