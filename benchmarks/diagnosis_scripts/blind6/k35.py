import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

# REINFORCE on a corridor: start in the middle, +1 at the right end, steps cost a little
keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)
SIZE, LIMIT = 7, 20


class Corridor:
    def reset(self):
        self.pos, self.t = SIZE // 2, 0
        return self.obs()

    def obs(self):
        o = np.zeros(SIZE, dtype="float32")
        o[self.pos] = 1
        return o

    def step(self, action):
        if rng.random() < 0.1:
            action = 1 - action
        self.pos = max(0, self.pos + (1 if action else -1))
        self.t += 1
        done = self.pos == SIZE - 1 or self.t >= LIMIT
        return self.obs(), (1.0 if self.pos == SIZE - 1 else -0.05), done


policy = keras.Sequential([keras.Input((SIZE,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(2, activation="softmax")])
policy.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")

env, gamma, scores = Corridor(), 0.97, []
BATCH = 256
for iteration in range(60):
    table = policy.predict_on_batch(np.eye(SIZE, dtype="float32"))
    obs, acts, rets = [], [], []
    while len(obs) < BATCH:
        o, done, rewards = env.reset(), False, []
        while not done:
            a = int(rng.random() < table[o.argmax(), 1])
            obs.append(o)
            acts.append(a)
            o, r, done = env.step(a)
            rewards.append(r)
        g, back = 0.0, []
        for r in reversed(rewards):
            g = r + gamma * g
            back.append(g)
        rets += back[::-1]
        scores.append(sum(rewards))
    obs, acts, rets = np.array(obs[:BATCH]), np.array(acts[:BATCH]), np.array(rets[:BATCH])
    adv = (rets - rets.mean()) / (rets.std() + 1e-6)
    loss = policy.train_on_batch(obs, acts, sample_weight=adv.astype("float32"))
    if iteration % 10 == 9:
        print(f"iteration {iteration + 1}: mean score of the last 50 episodes {np.mean(scores[-50:]):.3f}")
