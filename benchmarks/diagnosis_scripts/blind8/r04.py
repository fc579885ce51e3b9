import os
os.environ["KERAS_BACKEND"] = "jax"
import jax, numpy as np, keras
import jax.numpy as jnp

keras.utils.set_random_seed(55)
rng = np.random.default_rng(55)

# remaining useful life (scaled to 0..1) from the last 12 readings of 3 sensors
def engines(n):
    life = rng.uniform(0, 1, n)
    t = np.arange(12) / 12
    a = np.exp(-2 * life)[:, None] * (1 + t)
    b = life[:, None] - 0.3 * t
    c = np.sin(4 * life)[:, None] + 0 * t
    x = np.stack([a, b, c], -1) + 0.1 * rng.normal(size=(n, 12, 3))
    return x.astype('float32'), life.astype('float32')

class RUL:
    def __init__(self, lr):
        self.net = keras.Sequential([keras.layers.Input((12, 3)), keras.layers.GRU(24), keras.layers.Dense(1)])
        self.opt = keras.optimizers.Adam(lr)
        self.opt.build(self.net.trainable_variables)
        self.tv = [v.value for v in self.net.trainable_variables]
        self.ntv = [v.value for v in self.net.non_trainable_variables]
        self.ov = [v.value for v in self.opt.variables]
        self._step = jax.jit(self._make_step)

    def _loss(self, tv, ntv, x, y):
        pred, ntv = self.net.stateless_call(tv, ntv, x, training=True)
        err = pred - y
        return jnp.mean(jnp.square(err)), ntv

    def _make_step(self, tv, ntv, ov, x, y):
        (loss, ntv), g = jax.value_and_grad(self._loss, has_aux=True)(tv, ntv, x, y)
        tv, ov = self.opt.stateless_apply(ov, g, tv)
        return loss, tv, ntv, ov

    def epoch(self, x, y, bs):
        losses = []
        for idx in np.array_split(rng.permutation(len(x)), len(x) // bs):
            loss, self.tv, self.ntv, self.ov = self._step(self.tv, self.ntv, self.ov, x[idx], y[idx])
            losses.append(loss)
        return float(np.mean(losses))

    def predict(self, x):
        return np.asarray(self.net.stateless_call(self.tv, self.ntv, x)[0])[:, 0]

x, y = engines(1600)
xt, yt = engines(400)
m = RUL(3e-3)
for e in range(15):
    l = m.epoch(x, y, 32)
    print(e, 'loss %.4f' % l, 'test rmse %.4f' % np.sqrt(np.mean((m.predict(xt) - yt) ** 2)))
