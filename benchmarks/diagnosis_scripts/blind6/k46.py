import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

# calibration curve of a thermistor, one small net, double precision, one sample at a time
keras.config.set_floatx("float64")
keras.utils.set_random_seed(88)

ohm = np.exp(np.random.uniform(np.log(500), np.log(50000), 150))
kelvin = 1 / (1.0 / 298.15 + np.log(ohm / 10000) / 3950)
u = (np.log(ohm) - np.log(5000)) / 1.33
celsius = kelvin - 273.15
v = (celsius - 40) / 30
train, test = slice(0, 120), slice(120, None)

net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.5), loss="mse")
for epoch in range(15):
    total = 0.0
    for i in np.random.permutation(120):
        total += float(net.train_on_batch(u[i:i + 1, None], v[i:i + 1, None]))
    if epoch % 3 == 2:
        print("epoch", epoch + 1, "mean loss", round(total / 120, 6))
got = net.predict(u[test, None], verbose=0)[:, 0] * 30 + 40
print("largest error in degrees: %.2f, typical %.3f" % (np.abs(got - celsius[test]).max(), np.sqrt(np.mean((got - celsius[test]) ** 2))))
print("R2 %.5f" % (1 - np.mean((got - celsius[test]) ** 2) / celsius[test].var()))
