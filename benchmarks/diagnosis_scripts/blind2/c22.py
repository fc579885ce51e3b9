"""Part-of-speech style tagging with a BiLSTM: the tag depends on the previous word and on this one."""
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(40)
VOCAB, TAGS = 24, 4


class Tagger(nn.Module):
    def __init__(self, dim=12, hidden=24):
        super().__init__()
        self.word_embeddings = nn.Embedding(VOCAB, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.hidden2tag = nn.Linear(hidden * 2, TAGS)

    def forward(self, sentence):
        lstm_out, _ = self.lstm(self.word_embeddings(sentence))
        return self.hidden2tag(lstm_out)


def make(n, length=12):
    words = torch.randint(0, VOCAB, (n, length))
    prev = torch.roll(words, 1, 1)
    prev[:, 0] = 0
    return words, (words % 2) * 2 + (prev % 3 == 0).long()


model = Tagger()
trainable = model.hidden2tag.parameters()
optimizer = optim.Adam(trainable, lr=0.01)
loss_function = nn.CrossEntropyLoss()
words, tags = make(1000)
for epoch in range(15):
    for idx in torch.randperm(1000).split(50):
        model.zero_grad()
        scores = model(words[idx])
        loss = loss_function(scores.view(-1, TAGS), tags[idx].view(-1))
        loss.backward()
        optimizer.step()
    print("epoch", epoch, loss.item())
w, t = make(300)
with torch.no_grad():
    print("tags right:", (model(w).argmax(-1) == t).float().mean().item())
