"""POS-like tagging with a BiLSTM: determiner, adjective, noun, verb, and words that depend on the word before."""
import random
import torch
import torch.nn as nn
import torch.optim as optim

random.seed(13)
torch.manual_seed(13)

DET = ["the", "a", "this", "every"]
ADJ = ["red", "old", "tiny", "loud", "quick", "dull"]
NOUN = ["dog", "car", "tree", "poet", "stone", "river", "clerk"]
VERB = ["sees", "likes", "drops", "finds", "hears"]
EITHER = ["walks", "runs", "plays", "plans"]   # noun after an adjective or determiner, verb otherwise
TAGS = {"D": 0, "A": 1, "N": 2, "V": 3}


def noun_phrase():
    words, tags = [random.choice(DET)], ["D"]
    for _ in range(random.randint(0, 2)):
        words.append(random.choice(ADJ))
        tags.append("A")
    words.append(random.choice(NOUN + EITHER * 2))
    tags.append("N")
    return words, tags


def sentence():
    w1, t1 = noun_phrase()
    w2, t2 = noun_phrase()
    return w1 + [random.choice(VERB + EITHER * 2)] + w2, t1 + ["V"] + t2


word_to_ix = {w: i for i, w in enumerate(DET + ADJ + NOUN + VERB + EITHER)}
training_data = [sentence() for _ in range(150)]
test_data = [sentence() for _ in range(100)]


def encode(words, tags):
    return torch.tensor([word_to_ix[w] for w in words]), torch.tensor([TAGS[t] for t in tags])


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim // 2, bidirectional=True)
        self.hidden2tag = nn.Linear(hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        out, _ = self.lstm(embeds.unsqueeze(1))
        return self.hidden2tag(out.squeeze(1))


EPOCHS = 2
model = LSTMTagger(16, 24, len(word_to_ix), len(TAGS))
loss_function = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.03)

for epoch in range(EPOCHS):
    total = 0.0
    random.shuffle(training_data)
    for words, tags in training_data:
        x, y = encode(words, tags)
        model.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print("epoch", epoch, "mean loss", round(total / len(training_data), 4))

right = count = 0
with torch.no_grad():
    for words, tags in test_data:
        x, y = encode(words, tags)
        right += (model(x).argmax(1) == y).sum().item()
        count += len(y)
print("test tag accuracy:", round(right / count, 4))
