import torch
import torch.nn as nn

torch.manual_seed(302)
N, CHUNK, BATCH = 6001, 25, 6
t = torch.arange(N).float()
signal = torch.sin(0.11 * t) * torch.cos(0.013 * t) + 0.05 * torch.randn(N)
usable = (N - 1) // BATCH
inp = signal[:usable * BATCH].view(BATCH, usable, 1)
out = signal[1:usable * BATCH + 1].view(BATCH, usable, 1)

rnn = nn.GRU(1, 32, batch_first=True)
readout = nn.Linear(32, 1)
optimizer = torch.optim.Adam(list(rnn.parameters()) + list(readout.parameters()), lr=5e-3)
mse = nn.MSELoss()
for epoch in range(8):
    h, running, k = None, 0.0, 0
    for s in range(0, usable, CHUNK):
        if h is not None:
            h = h.detach()
        y, h = rnn(inp[:, s:s + CHUNK], h)
        loss = mse(readout(y), out[:, s:s + CHUNK])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running, k = running + loss.item(), k + 1
    print(f"epoch={epoch} loss={running / k:.5f}")
