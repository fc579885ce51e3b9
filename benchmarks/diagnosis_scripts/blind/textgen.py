"""Made-up log lines: a component, an event and a severity that follows from both."""
import torch

COMPONENTS, EVENTS, FILLER = 6, 8, 30
VOCAB = 1 + COMPONENTS + EVENTS + FILLER


def lines(n, seed, length=12):
    g = torch.Generator().manual_seed(seed)
    component = torch.randint(COMPONENTS, (n,), generator=g)
    event = torch.randint(EVENTS, (n,), generator=g)
    table = torch.randint(4, (COMPONENTS, EVENTS), generator=torch.Generator().manual_seed(0))
    tokens = torch.randint(1 + COMPONENTS + EVENTS, VOCAB, (n, length), generator=g)
    rows = torch.arange(n)
    tokens[rows, torch.randint(0, length // 2, (n,), generator=g)] = 1 + component
    tokens[rows, torch.randint(length // 2, length, (n,), generator=g)] = 1 + COMPONENTS + event
    return tokens, table[component, event]
