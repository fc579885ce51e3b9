# Email spam stream, in order of arrival (no shuffling, the file is already mixed). Online pass after pass.
import torch
import torch.nn as nn

torch.manual_seed(71)

VOCAB, LEN = 200, 15
is_spam = (torch.rand(1600) < 0.4).long()
tokens = torch.randint(0, VOCAB, (1600, LEN))
hot = torch.randint(0, 12, (1600, LEN))  # spammy words have small ids
cool = torch.randint(12, 24, (1600, LEN))
mask = torch.rand(1600, LEN) < 0.25
tokens = torch.where(mask, torch.where(is_spam[:, None] == 1, hot, cool), tokens)

train_x, train_y = tokens[:1300], is_spam[:1300]
test_x, test_y = tokens[1300:], is_spam[1300:]

embedding = nn.Embedding(VOCAB, 16)
rnn = nn.RNN(16, 24, batch_first=True, nonlinearity="tanh")
linear = nn.Linear(24, 2)
params = [*embedding.parameters(), *rnn.parameters(), *linear.parameters()]
optimizer = torch.optim.Adagrad(params, lr=0.05)


def forward(x):
    states, _ = rnn(embedding(x))
    return linear(states.mean(1))


for sweep in range(8):
    total = 0.0
    for i in range(0, 1300, 10):
        loss = nn.functional.cross_entropy(forward(train_x[i:i + 10]), train_y[i:i + 10])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        acc = (forward(test_x).argmax(1) == test_y).float().mean()
    print(f"pass {sweep}: loss {total / 130:.4f}, accuracy on the newest mail {acc:.4f}")
