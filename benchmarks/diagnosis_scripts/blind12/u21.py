# "Classifying names with a character RNN", made-up languages, one name at a time, manual SGD
import random
import torch
import torch.nn as nn

random.seed(14)
torch.manual_seed(14)

ENDINGS = {"Nordish": ["sen", "dal", "borg"], "Sudlian": ["ini", "ello", "ucci"], "Estric": ["ov", "chuk", "sky"]}
languages = list(ENDINGS)
letters = "abcdefghijklmnopqrstuvwxyz"
n_letters = len(letters)


def random_name(lang):
    stem = "".join(random.choice("bdfglmnprst") + random.choice("aeiou") for _ in range(random.randint(1, 2)))
    return stem + random.choice(ENDINGS[lang])


def line_to_tensor(line):
    t = torch.zeros(len(line), 1, n_letters)
    for i, c in enumerate(line):
        t[i][0][letters.index(c)] = 1
    return t


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        hidden = torch.tanh(self.i2h(torch.cat((input, hidden), 1)))
        return self.softmax(self.h2o(hidden)), hidden

    def init_hidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = RNN(n_letters, 48, len(languages))
criterion = nn.NLLLoss()
learning_rate = 0.02


def train(category, line):
    hidden = rnn.init_hidden()
    rnn.zero_grad()
    for i in range(line.size(0)):
        output, hidden = rnn(line[i], hidden)
    loss = criterion(output, category)
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return output, loss.item()


current, hits = 0.0, 0
for it in range(1, 1801):
    k = random.randrange(len(languages))
    output, loss = train(torch.tensor([k]), line_to_tensor(random_name(languages[k])))
    current += loss
    hits += int(output.argmax(1).item() == k)
    if it % 300 == 0:
        print(f"{it} loss {current / 300:.4f} accuracy of the last 300 {hits / 300:.3f}")
        current, hits = 0.0, 0
