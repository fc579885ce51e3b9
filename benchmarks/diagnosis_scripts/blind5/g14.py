# Reber grammar with a six-unit Elman network, as in the old cognitive science papers. Trained with Rprop.
import random
import torch

random.seed(12)
torch.manual_seed(12)

SYM = "BTPSXVE"
GRAPH = {0: [("B", 1)], 1: [("T", 2), ("P", 3)], 2: [("S", 2), ("X", 4)], 3: [("T", 3), ("V", 5)],
         4: [("X", 3), ("S", 6)], 5: [("P", 4), ("V", 6)], 6: [("E", None)]}


def string():
    state, word, nxt = 0, [], []
    while state is not None:
        s, new = random.choice(GRAPH[state])
        word.append(SYM.index(s))
        nxt.append({SYM.index(a) for a, _ in GRAPH[new]} if new is not None else set())
        state = new
    return word, nxt


def to_batch(strings):
    longest = max(len(w) for w, _ in strings) - 1
    x = torch.zeros(len(strings), longest, len(SYM))
    y = torch.full((len(strings), longest), -100)
    for i, (w, _) in enumerate(strings):
        for t in range(len(w) - 1):
            x[i, t, w[t]] = 1
            y[i, t] = w[t + 1]
    return x, y


class Elman(torch.nn.Module):
    def __init__(self, hidden=6):
        super().__init__()
        self.rnn = torch.nn.RNN(len(SYM), hidden, batch_first=True)
        self.read = torch.nn.Linear(hidden, len(SYM))

    def forward(self, x):
        return self.read(self.rnn(x)[0])


train = [string() for _ in range(300)]
x, y = to_batch(train)
net = Elman()
opt = torch.optim.Rprop(net.parameters(), lr=0.01)
for it in range(150):
    opt.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten(), ignore_index=-100)
    loss.backward()
    opt.step()
    if it % 30 == 0:
        print("iteration", it, "cross entropy", round(loss.item(), 4))

# a prediction counts when its two best guesses contain every legal successor
good = count = 0
with torch.no_grad():
    for w, nxt in [string() for _ in range(100)]:
        xs, _ = to_batch([(w, nxt)])
        out = net(xs)[0]
        for t in range(len(w) - 1):
            good += nxt[t] <= set(out[t].topk(2).indices.tolist())
            count += 1
print("legal continuations found:", round(good / count, 4))
