import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence, PackedSequence

torch.manual_seed(170)


def utterance():
    n = int(torch.randint(5, 20, (1,)))
    frames = torch.randn(n, 4)
    stress = (frames[:, 0] > 0) & (torch.cat([torch.zeros(1), frames[:-1, 1]]) > 0)
    return frames, stress.long()


class FrameTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(4, 24, num_layers=1)
        self.top = nn.Linear(24, 2)

    def forward(self, packed: PackedSequence) -> torch.Tensor:
        out, _ = self.rnn(packed)
        return self.top(out.data)


def batches(corpus, size):
    for i in range(0, len(corpus), size):
        part = corpus[i:i + size]
        yield (pack_sequence([a for a, _ in part], enforce_sorted=False),
               pack_sequence([b for _, b in part], enforce_sorted=False).data)


corpus = [utterance() for _ in range(600)]
heldout = [utterance() for _ in range(150)]
model = FrameTagger()
opt = torch.optim.RMSprop(model.parameters(), lr=4e-3)
xent = nn.CrossEntropyLoss()
for ep in range(18):
    order = torch.randperm(len(corpus)).tolist()
    for p, target in batches([corpus[i] for i in order], 20):
        opt.zero_grad()
        loss = xent(model(p), target)
        loss.backward()
        opt.step()
    if ep % 3 == 2:
        print("epoch", ep + 1, "loss %.4f" % loss.item())
with torch.no_grad():
    (p, target), = batches(heldout, 150)
    print("frames right", (model(p).argmax(1) == target).float().mean().item())
