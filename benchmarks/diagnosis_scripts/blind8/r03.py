import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable()
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        step = ops.cast(step, "float32") + 1.0
        return self.peak * ops.minimum(step / self.steps, ops.sqrt(self.steps / step))

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps}


keras.utils.set_random_seed(15)
rng = np.random.default_rng(15)
n = 3000
x = rng.normal(size=(n, 6)).astype("float32")
truth = (np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] > 0).astype("float32")
expert = rng.random(n) < 0.4  # the rest was labelled by a crowd, often wrongly
label = np.where(expert | (rng.random(n) > 0.3), truth, 1 - truth)
weight = np.where(expert, 1.0, 0.25)

model = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(48, activation="gelu"), keras.layers.LayerNormalization(),
                          keras.layers.Dense(48, activation="gelu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.AdamW(WarmUp(4e-3, 100)), "binary_crossentropy", weighted_metrics=["accuracy"])
model.fit(x[:2400], label[:2400], sample_weight=weight[:2400], epochs=14, batch_size=48, verbose=2)
p = model.predict(x[2400:], verbose=0)[:, 0] > 0.5
print("agreement with the truth:", float((p == truth[2400:]).mean()))
