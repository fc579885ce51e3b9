"""A character model: from four characters to the next one."""

import torch
from torch import nn

TEXT = "the quick brown fox jumps over the lazy dog and the cat sleeps in the warm sun all day. "
CHARACTERS = sorted(set(TEXT))
CONTEXT = 4
DROPOUT = 0.1


class CharacterModel(nn.Module):
    """An embedding, a GRU and a head."""

    def __init__(self, width=32):
        super().__init__()
        self.embedding = nn.Embedding(len(CHARACTERS), 16)
        self.recurrent = nn.GRU(16, width, batch_first=True)
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(width, len(CHARACTERS))

    def forward(self, context):
        states, _ = self.recurrent(self.embedding(context))
        return self.head(self.dropout(states[:, -1]))


def records():
    """Return every context of the text and the character after it."""
    numbers = torch.tensor([CHARACTERS.index(each) for each in TEXT])
    contexts = numbers.unfold(0, CONTEXT, 1)[:-1]
    return contexts, numbers[CONTEXT:]


def train(seed, epochs=40):
    """Train; yield what an evaluation says after each epoch."""
    torch.manual_seed(seed)
    contexts, following = records()
    model = CharacterModel()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(epochs):
        model.train()
        for batch in torch.randperm(len(contexts)).split(16):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(contexts[batch]), following[batch]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            outputs = model(contexts)
        yield {
            "loss": nn.functional.cross_entropy(outputs, following).item(),
            "accuracy": (outputs.argmax(1) == following).float().mean().item(),
        }
