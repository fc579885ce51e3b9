import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np


class Net(keras.Model):
    def __init__(self, n_classes):
        super().__init__()
        self.d1 = keras.layers.Dense(64, activation="relu")
        self.bn = keras.layers.BatchNormalization()
        self.drop = keras.layers.Dropout(0.3)
        self.d2 = keras.layers.Dense(n_classes)

    def call(self, x, training=False):
        x = self.bn(self.d1(x), training=training)
        return self.d2(self.drop(x, training=training))


keras.utils.set_random_seed(207)
rng = np.random.default_rng(207)
means = rng.standard_normal((7, 16)) * 1.1
lab = rng.integers(0, 7, 1400)
feat = (means[lab] + rng.standard_normal((1400, 16))).astype("float32")
net = Net(7)
net.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
plateau = keras.callbacks.ReduceLROnPlateau(patience=2, factor=0.5)
h = net.fit(feat, lab, epochs=15, batch_size=32, validation_split=0.2, callbacks=[plateau], verbose=2)
print("final val acc", h.history["val_accuracy"][-1])
