import random

import torch
import torch.nn as nn

random.seed(322)
torch.manual_seed(322)
SOS, V, L, H = 6, 7, 4, 64


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, H)
        self.gru = nn.GRU(H, H, batch_first=True)

    def forward(self, x):
        return self.gru(self.embedding(x))[1]


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, H)
        self.gru = nn.GRU(H, H, batch_first=True)
        self.out = nn.Linear(H, V)

    def forward(self, tok, hidden):
        o, hidden = self.gru(self.embedding(tok), hidden)
        return self.out(o), hidden


enc, dec = Encoder(), Decoder()
opt_e = torch.optim.Adam(enc.parameters(), lr=3e-3)
opt_d = torch.optim.Adam(dec.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()


def run(src, trg, forcing):
    hidden, tok, loss, preds = enc(src), torch.full((len(src), 1), SOS), 0, []
    for t in range(L):
        logits, hidden = dec(tok, hidden)
        loss = loss + ce(logits[:, 0], trg[:, t])
        preds.append(logits[:, 0].argmax(1))
        tok = trg[:, t:t + 1] if random.random() < forcing else preds[-1].unsqueeze(1).detach()
    return loss / L, torch.stack(preds, 1)


for step in range(450):
    src = torch.randint(0, 6, (48, L))
    loss, _ = run(src, src.flip(1), 0.5)
    opt_e.zero_grad()
    opt_d.zero_grad()
    loss.backward()
    opt_e.step()
    opt_d.step()
    if step % 75 == 74:
        print("step", step + 1, "loss", round(loss.item(), 4))
with torch.no_grad():
    src = torch.randint(0, 6, (400, L))
    print("teacher-free accuracy", (run(src, src.flip(1), 0.0)[1] == src.flip(1)).float().mean().item())
