# Char-level language model, GRU. Samples look like soup and the loss does not go below ~2.
import torch
import torch.nn as nn

torch.manual_seed(1234)

corpus = ("the old man and the sea sat by the door and the dog ran to the barn. "
          "a small bird sang in the tree while the rain fell on the roof. "
          "she gave him bread and he gave her a coin of gold. "
          "when the night came they lit a lamp and told a tale of kings. ") * 25
chars = sorted(set(corpus))
stoi = {c: i for i, c in enumerate(chars)}
data = torch.tensor([stoi[c] for c in corpus])

config = dict(emb=16, hidden=3, layers=1, seq=48, batch=24, lr=4e-3, steps=450)


class CharRNN(nn.Module):
    def __init__(self, n_chars, emb, hidden, layers):
        super().__init__()
        self.emb = nn.Embedding(n_chars, emb)
        self.gru = nn.GRU(emb, hidden, layers, batch_first=True)
        self.proj = nn.Linear(hidden, n_chars)

    def forward(self, x, h=None):
        y, h = self.gru(self.emb(x), h)
        return self.proj(y), h


def get_batch():
    ix = torch.randint(len(data) - config["seq"] - 1, (config["batch"],))
    x = torch.stack([data[i:i + config["seq"]] for i in ix])
    y = torch.stack([data[i + 1:i + config["seq"] + 1] for i in ix])
    return x, y


model = CharRNN(len(chars), config["emb"], config["hidden"], config["layers"])
opt = torch.optim.Adam(model.parameters(), lr=config["lr"])
avg = None
for step in range(1, config["steps"] + 1):
    x, y = get_batch()
    logits, _ = model(x)
    loss = nn.functional.cross_entropy(logits.reshape(-1, len(chars)), y.reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
    if step % 50 == 0:
        print(f"step {step:4d}  loss {avg:.3f}")


@torch.no_grad()
def sample(n=80, start="t"):
    x, h, out = torch.tensor([[stoi[start]]]), None, start
    for _ in range(n):
        logits, h = model(x, h)
        x = torch.multinomial(logits[0, -1].softmax(0), 1).view(1, 1)
        out += chars[x.item()]
    return out


print(sample())
print("perplexity %.3f" % torch.tensor(avg).exp().item())
