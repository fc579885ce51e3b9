import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers

num_tags, vocab, num_departments, title_len = 6, 80, 3, 8
keras.utils.set_random_seed(27)
rng = np.random.default_rng(27)

word_dept = rng.integers(0, num_departments, vocab)
title = rng.integers(1, vocab, size=(1400, title_len))
for row in range(1400):  # a ticket is mostly written in the words of one department
    d = rng.integers(num_departments)
    words = np.flatnonzero(word_dept == d)
    spots = rng.choice(title_len, 5, replace=False)
    title[row, spots] = rng.choice(words, 5)
tags = rng.integers(0, 2, size=(1400, num_tags)).astype("float32")
department = np.stack([(word_dept[title] == d).sum(1) for d in range(num_departments)], 1).argmax(1)
priority = (0.5 * tags[:, 0] + 0.3 * tags[:, 1] + 0.2 * (department == 1)).astype("float32")

title_input = keras.Input((title_len,), dtype="int32", name="title")
tags_input = keras.Input((num_tags,), name="tags")
t = layers.Embedding(vocab, 24, mask_zero=True)(title_input)
t = layers.LSTM(24)(t)
x = layers.concatenate([t, tags_input])
priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, activation="softmax", name="department")(x)
model = keras.Model([title_input, tags_input], {"priority": priority_pred, "department": department_pred})
model.compile(
    optimizer=keras.optimizers.RMSprop(5e-3),
    loss={"priority": "mse", "department": "sparse_categorical_crossentropy"},
    loss_weights={"priority": 1.0, "department": 0.5},
    metrics={"department": ["accuracy"], "priority": ["mae"]},
)
tr, te = slice(0, 1100), slice(1100, None)
model.fit({"title": title[tr], "tags": tags[tr]}, {"priority": priority[tr], "department": department[tr]},
          epochs=12, batch_size=32, verbose=2)
res = model.evaluate({"title": title[te], "tags": tags[te]}, {"priority": priority[te], "department": department[te]},
                     verbose=0, return_dict=True)
print("priority MAE", res["priority_mae"], "department accuracy", res["department_accuracy"])
