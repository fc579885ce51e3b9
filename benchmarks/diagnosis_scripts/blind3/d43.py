# Playlist continuation: next song from the last 5. Sparse embedding gradients have an optimizer of their own.
import torch, torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(500)
SONGS, GENRES = 150, 10
genre = torch.arange(SONGS) % GENRES

def playlists(n):
    """genre moves by one or two, the song inside a genre is its most popular of three"""
    g = torch.randint(0, GENRES, (n, 1))
    move = torch.randint(1, 3, (n, 1))
    gs = (g + move * torch.arange(6)) % GENRES
    pick = torch.randint(0, 15, (n, 5))
    songs = gs[:, :5] + GENRES * pick
    return songs, gs[:, 5]

class Playlist(nn.Module):
    def __init__(self):
        super().__init__()
        self.song = nn.Embedding(SONGS, 16, sparse=True)
        self.gru = nn.GRU(16, 40, batch_first=True)
        self.next = nn.Linear(40, GENRES)
    def forward(self, s):
        return self.next(self.gru(self.song(s))[1][0])

model = Playlist()
dense = [p for n, p in model.named_parameters() if not n.startswith('song')]
opt_sparse = torch.optim.SparseAdam(list(model.song.parameters()), lr=0.02)
opt_dense = torch.optim.Adam(dense, lr=0.005)
x, y = playlists(1500)
vx, vy = playlists(300)
for epoch in range(10):
    for b in torch.randperm(1500).split(50):
        loss = F.cross_entropy(model(x[b]), y[b])
        for o in (opt_sparse, opt_dense):
            o.zero_grad()
        loss.backward()
        for o in (opt_sparse, opt_dense):
            o.step()
    with torch.no_grad():
        acc = (model(vx).argmax(1) == vy).float().mean().item()
    print('epoch', epoch + 1, 'loss', f'{loss.item():.3f}', 'next genre accuracy', f'{acc:.3f}')
