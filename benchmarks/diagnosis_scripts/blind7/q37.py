"""Part-of-speech tagger in the manner of the sequence models lesson: one sentence at a time, SGD 0.1, no batches."""
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

random.seed(1)
torch.manual_seed(1)

LEX = {
    "DET": ["the", "a", "this", "no"],
    "ADJ": ["big", "quick", "green", "odd", "light"],
    "NN": ["dog", "apple", "book", "walk", "light", "watch", "plan"],
    "V": ["reads", "ate", "walk", "watch", "plan", "liked"],
    "P": ["with", "near", "under"],
}
PATTERNS = ["DET NN V DET NN", "DET ADJ NN V DET ADJ NN", "DET NN V P DET NN", "DET NN P DET NN V DET NN", "DET ADJ NN V P DET NN"]


def make():
    tags = random.choice(PATTERNS).split()
    return [random.choice(LEX[t]) for t in tags], tags


training_data = [make() for _ in range(250)]
test_data = [make() for _ in range(150)]
word_to_ix = {w: i for i, w in enumerate(sorted({w for ws in LEX.values() for w in ws}))}
tag_to_ix = {t: i for i, t in enumerate(LEX)}


def prepare_sequence(seq, to_ix):
    return torch.tensor([to_ix[w] for w in seq], dtype=torch.long)


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, bidirectional=True)
        self.hidden2tag = nn.Linear(2 * hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        return F.log_softmax(self.hidden2tag(lstm_out.view(len(sentence), -1)), dim=1)


model = LSTMTagger(12, 12, len(word_to_ix), len(tag_to_ix))
loss_function = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)

for epoch in range(8):
    random.shuffle(training_data)
    total = 0.0
    for sentence, tags in training_data:
        model.zero_grad()
        tag_scores = model(prepare_sequence(sentence, word_to_ix))
        loss = loss_function(tag_scores, prepare_sequence(tags, tag_to_ix))
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        right = words = 0
        for sentence, tags in test_data:
            guess = model(prepare_sequence(sentence, word_to_ix)).argmax(1)
            right += (guess == prepare_sequence(tags, tag_to_ix)).sum().item()
            words += len(tags)
    print(f"epoch {epoch}: mean loss {total / len(training_data):.4f}, test accuracy {right / words:.4f}")
