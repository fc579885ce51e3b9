# Author: a student. The LSTM tagging tutorial with a few more sentences, one at a time.
import random
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)
random.seed(1)

DETS, NOUNS, VERBS = ["The", "A", "Every"], ["dog", "apple", "book", "boy", "run", "cook"], ["ate", "read", "saw", "run", "cook"]


def sentence():
    np1 = [random.choice(DETS), random.choice(NOUNS)]
    np2 = [random.choice(DETS), random.choice(NOUNS)]
    return np1 + [random.choice(VERBS)] + np2, ["DET", "NN", "V", "DET", "NN"]


data = [sentence() for _ in range(90)]
training_data, test_data = data[:70], data[70:]
word_to_ix, tag_to_ix = {}, {"DET": 0, "NN": 1, "V": 2}
for sent, tags in data:
    for word in sent:
        word_to_ix.setdefault(word, len(word_to_ix))


def prepare_sequence(seq, to_ix):
    return torch.tensor([to_ix[w] for w in seq], dtype=torch.long)


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super(LSTMTagger, self).__init__()
        self.hidden_dim = hidden_dim
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim)
        self.hidden2tag = nn.Linear(hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        return F.log_softmax(self.hidden2tag(lstm_out.view(len(sentence), -1)), dim=1)


model = LSTMTagger(6, 6, len(word_to_ix), len(tag_to_ix))
loss_function = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(25):
    total = 0.0
    for sent, tags in training_data:
        model.zero_grad()
        loss = loss_function(model(prepare_sequence(sent, word_to_ix)), prepare_sequence(tags, tag_to_ix))
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 5 == 4:
        print(epoch + 1, total / len(training_data))
with torch.no_grad():
    ok = sum((model(prepare_sequence(s, word_to_ix)).argmax(1) == prepare_sequence(t, tag_to_ix)).sum().item() for s, t in test_data)
print("test accuracy", ok / (5 * len(test_data)))
