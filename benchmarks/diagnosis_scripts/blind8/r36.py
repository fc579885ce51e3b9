import os
os.environ["KERAS_BACKEND"] = "jax"
import jax, numpy as np, keras
import jax.numpy as jnp

keras.utils.set_random_seed(56)
rng = np.random.default_rng(56)
n = 2000
x = rng.normal(size=(n, 10, 2)).astype('float32')
gain = rng.uniform(0.5, 1.5, n)
y = (gain[:, None] * x[:, :, 0] * np.linspace(0, 1, 10)).sum(1) + 0.5 * x[:, -1, 1] ** 2
y = ((y - y.mean()) / y.std()).astype('float32')

net = keras.Sequential([keras.layers.Input((10, 2)), keras.layers.GRU(32), keras.layers.Dense(1)])
opt = keras.optimizers.Nadam(5e-3)
opt.build(net.trainable_variables)

def pinball(pred, target, q=0.5):
    d = target - jnp.squeeze(pred, -1)
    return jnp.mean(jnp.maximum(q * d, (q - 1) * d))

def loss_fn(tv, ntv, xb, yb):
    pred, ntv = net.stateless_call(tv, ntv, xb, training=True)
    return pinball(pred, yb), ntv

@jax.jit
def step(tv, ntv, ov, xb, yb):
    (l, ntv), g = jax.value_and_grad(loss_fn, has_aux=True)(tv, ntv, xb, yb)
    tv, ov = opt.stateless_apply(ov, g, tv)
    return l, tv, ntv, ov

tv = [v.value for v in net.trainable_variables]
ntv = [v.value for v in net.non_trainable_variables]
ov = [v.value for v in opt.variables]
best = (np.inf, None)
for e in range(20):
    for idx in np.array_split(rng.permutation(1600), 40):
        l, tv, ntv, ov = step(tv, ntv, ov, x[idx], y[idx])
    p = np.asarray(net.stateless_call(tv, ntv, x[1600:])[0])[:, 0]
    mae = np.abs(p - y[1600:]).mean()
    if mae < best[0]:
        best = (mae, p)
    print(e, float(l), 'MAE %.4f' % mae)
print('R2 of the best epoch', round(float(1 - ((best[1] - y[1600:]) ** 2).mean() / y[1600:].var()), 3))
