"""Slot tagging with a BiLSTM: a small sweep over hidden size and learning rate, bf16 autocast."""
import itertools

import torch
from torch import nn

VOCAB, TAGS, LENGTH = 80, 5, 12


def make(n, gen):
    x = torch.randint(0, VOCAB, (n, LENGTH), generator=gen)
    y = x % TAGS
    after = torch.zeros_like(y)
    after[:, 1:] = (x[:, :-1] < 15).long()       # words after a preposition get the next tag
    return x, (y + after) % TAGS


class SlotTagger(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 32)
        self.norm = nn.LayerNorm(32)
        self.rnn = nn.LSTM(32, hidden, bidirectional=True, batch_first=True)
        self.out = nn.Linear(2 * hidden, TAGS)

    def forward(self, x):
        h, _ = self.rnn(self.norm(self.emb(x)))
        return self.out(h)


def run(hidden, lr, train, valid, epochs=8):
    torch.manual_seed(3)
    model = SlotTagger(hidden)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    steps = epochs * (len(train[0]) // 32 + 1)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=lr, total_steps=steps)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    for _ in range(epochs):
        model.train()
        for idx in torch.randperm(len(train[0])).split(32):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(train[0][idx])
                loss = criterion(logits.float().flatten(0, 1), train[1][idx].flatten())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            scheduler.step()
    model.eval()
    with torch.inference_mode():
        return (model(valid[0]).argmax(-1) == valid[1]).float().mean().item()


if __name__ == "__main__":
    gen = torch.Generator().manual_seed(3)
    train, valid = make(900, gen), make(300, gen)
    scores = {}
    for hidden, lr in itertools.product([16, 32], [0.01, 0.02]):
        scores[hidden, lr] = run(hidden, lr, train, valid)
        print(f"hidden={hidden} lr={lr}: accuracy {scores[hidden, lr]:.4f}")
    best = max(scores, key=scores.get)
    print("best", best)
    print("worst accuracy of the sweep", min(scores.values()))
