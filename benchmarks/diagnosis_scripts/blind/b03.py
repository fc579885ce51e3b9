import random

import torch
import torch.nn as nn


def recordings(n, seed):
    """Recordings of 6 to 20 ticks with pulses in them, in batches of one length; the target is the number of pulses."""
    g = torch.Generator().manual_seed(seed)
    batches = []
    for _ in range(n // 20):
        length = int(torch.randint(6, 21, (1,), generator=g))
        p = torch.rand(20, 1, generator=g)
        x = (torch.rand(20, length, generator=g) < p).float()
        batches.append((x.unsqueeze(-1), x.sum(1) / 5))
    return batches


class PulseCounter(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x, state):
        out, state = self.lstm(x, state)
        return self.head(out[:, -1]).squeeze(1), state


def main():
    torch.manual_seed(3)
    random.seed(3)
    train, test = recordings(1600, 1), recordings(600, 2)
    model = PulseCounter(16)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(14):
        random.shuffle(train)
        state = None
        total = 0.0
        for x, y in train:
            optimizer.zero_grad()
            pred, state = model(x, state)
            loss = criterion(pred, y)
            loss.backward()
            optimizer.step()
            state = tuple(s.detach() for s in state)
            total += loss.item()
        print(f"epoch {epoch}: mse {total / len(train):.5f}")

    state = None
    guesses, truth = [], []
    with torch.no_grad():
        for x, y in test:
            pred, state = model(x, state)
            guesses.append(pred)
            truth.append(y)
    guesses, truth = torch.cat(guesses), torch.cat(truth)
    print("explained on held-back recordings:", 1 - ((guesses - truth) ** 2).mean().item() / truth.var().item())


if __name__ == "__main__":
    main()
