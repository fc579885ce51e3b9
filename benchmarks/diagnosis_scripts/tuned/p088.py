import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras

keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
basis = rng.standard_normal((4, 30))
codes = rng.standard_normal((1200, 4))
X = np.tanh(codes @ basis * 0.5).astype("float32")

encoder = keras.Sequential([keras.layers.Dense(24, activation="relu"), keras.layers.Dense(6)], name="encoder")
decoder = keras.Sequential([keras.layers.Dense(24, activation="relu"), keras.layers.Dense(30, activation="tanh")], name="decoder")
inputs = keras.Input((30,))
autoencoder = keras.Model(inputs, decoder(encoder(inputs)))
autoencoder.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse")
autoencoder.fit(X[:1000], X[:1000], epochs=25, batch_size=50, validation_data=(X[1000:], X[1000:]), verbose=2)
mse = autoencoder.evaluate(X[1000:], X[1000:], verbose=0)
print("variance", X.var(), "reconstruction", mse)
