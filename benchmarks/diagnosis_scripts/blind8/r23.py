import os
os.environ["KERAS_BACKEND"] = "torch"
import torch
import keras
import numpy as np

torch.manual_seed(4)
keras.utils.set_random_seed(4)
rs = np.random.RandomState(4)
N, D = 800, 60
W = rs.randn(D, 3) * (rs.rand(D, 1) < 0.15)


def draw(n):
    x = rs.randn(n, D)
    return x.astype("float32"), (x @ W + 0.5 * rs.gumbel(size=(n, 3))).argmax(1)


x_train, y_train = draw(N)
x_test, y_test = draw(1500)
model = keras.Sequential([
    keras.layers.Input((D,)),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dropout(0.4),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.4),
    keras.layers.Dense(3),
])
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30)
criterion = torch.nn.CrossEntropyLoss()
loader = torch.utils.data.DataLoader(
    torch.utils.data.TensorDataset(torch.tensor(x_train), torch.tensor(y_train)), batch_size=40, shuffle=True)

for epoch in range(30):
    running = 0.0
    for xb, yb in loader:
        loss = criterion(model(xb, training=True), yb)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(xb)
    scheduler.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            out = model(torch.tensor(x_test), training=False)
        print(f"[{epoch + 1}] train loss {running / N:.3f}", "test acc", round(float((out.argmax(1).cpu().numpy() == y_test).mean()), 3))
