import torch
from torch import nn

torch.manual_seed(230)
SYMBOLS, BLANK = 5, 0


def strokes(n, length=24, letters=4):
    """Each letter lasts 2 to 5 frames; the alignment is not given."""
    targets = torch.randint(1, SYMBOLS + 1, (n, letters))
    x = 0.3 * torch.randn(n, length, SYMBOLS)
    for i in range(n):
        t = int(torch.randint(0, 3, ()))
        for k in targets[i].tolist():
            d = int(torch.randint(2, 5, ()))
            x[i, t:t + d, k - 1] += 1.5
            t += d + 1
    return x, targets


class Recogniser(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(SYMBOLS, 24, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(48, SYMBOLS + 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0]).log_softmax(-1)


def greedy(log_probs):
    out = []
    for path in log_probs.argmax(-1).tolist():
        word, last = [], BLANK
        for s in path:
            if s != last and s != BLANK:
                word.append(s)
            last = s
        out.append(word)
    return out


x, targets = strokes(800)
xv, tv = strokes(200)
net = Recogniser()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
ctc = nn.CTCLoss(blank=BLANK, zero_infinity=True)
for epoch in range(12):
    for i in torch.randperm(800).split(25):
        lp = net(x[i]).transpose(0, 1)
        loss = ctc(lp, targets[i], torch.full((len(i),), 24), torch.full((len(i),), 4))
        opt.zero_grad()
        loss.backward()
        opt.step()
    words = greedy(net(xv))
    print("epoch", epoch, "ctc", round(loss.item(), 3), "words right", sum(w == t for w, t in zip(words, tv.tolist())) / 200)
