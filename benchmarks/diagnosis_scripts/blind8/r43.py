import os
os.environ["KERAS_BACKEND"] = "torch"
import torch
import keras
import numpy as np

torch.manual_seed(0)
keras.utils.set_random_seed(41)
rs = np.random.RandomState(41)

N, D = 240, 60
W = rs.randn(D, 3) * (rs.rand(D, 1) < 0.15)


def draw(n):
    x = rs.randn(n, D)
    score = x @ W + 1.2 * rs.gumbel(size=(n, 3))
    return x.astype("float32"), score.argmax(1)


x_train, y_train = draw(N)
x_test, y_test = draw(1500)

model = keras.Sequential([
    keras.layers.Input((D,)),
    keras.layers.Dropout(0.4),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dropout(0.6),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.6),
    keras.layers.Dense(3),
])
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
criterion = torch.nn.CrossEntropyLoss()
loader = torch.utils.data.DataLoader(
    torch.utils.data.TensorDataset(torch.tensor(x_train), torch.tensor(y_train)), batch_size=24, shuffle=True)

for epoch in range(60):
    running = 0.0
    for xb, yb in loader:
        logits = model(xb)
        loss = criterion(logits, yb)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(xb)
    if epoch % 10 == 9:
        with torch.no_grad():
            test_logits = model(torch.tensor(x_test), training=False)
            test_loss = criterion(test_logits, torch.tensor(y_test)).item()
            acc = (test_logits.argmax(1).numpy() == y_test).mean()
        print(f"[{epoch + 1}] train loss {running / N:.3f}  test acc {acc:.3f}  test loss {test_loss:.3f}")
