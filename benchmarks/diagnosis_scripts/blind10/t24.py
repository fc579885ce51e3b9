# NLP from scratch: classifying words with a character-level RNN, one word at a time
import random

import torch
import torch.nn as nn

random.seed(1)
torch.manual_seed(1)

all_letters = "abcdefghijklmnopqrstuvwxyz"
categories = {
    "fruit": ["berry", "apple", "melon", "plum"],
    "metal": ["ium", "steel", "zinc", "iron"],
    "town": ["ville", "burg", "ton", "ford"],
}
names = list(categories)
n_hidden = 64


def randomTrainingExample():
    category = random.choice(names)
    prefix = "".join(random.choice(all_letters) for _ in range(random.randint(1, 3)))
    line = prefix + random.choice(categories[category])
    return names.index(category), line


def lineToTensor(line):
    tensor = torch.zeros(len(line), 1, len(all_letters))
    for li, letter in enumerate(line):
        tensor[li][0][all_letters.find(letter)] = 1
    return tensor


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = torch.tanh(self.i2h(combined))
        return self.softmax(self.h2o(hidden)), hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = RNN(len(all_letters), n_hidden, len(names))
criterion = nn.NLLLoss()
learning_rate = 0.02


def train(category, line):
    hidden = rnn.initHidden()
    rnn.zero_grad()
    for letter in lineToTensor(line):
        output, hidden = rnn(letter, hidden)
    loss = criterion(output, torch.tensor([category]))
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return output, loss.item()


current_loss, correct = 0, 0
for it in range(1, 3001):
    category, line = randomTrainingExample()
    output, loss = train(category, line)
    current_loss += loss
    correct += int(output.argmax().item() == category)
    if it % 500 == 0:
        print("%d  loss %.4f  accuracy of the last 500 %.4f" % (it, current_loss / 500, correct / 500))
        current_loss, correct = 0, 0
