# Text topic classification w/ 1D conv.   keras 3 + torch
import os; os.environ["KERAS_BACKEND"] = "torch"
import keras, numpy as np
from keras import layers, losses

keras.utils.set_random_seed(404)
max_features, sequence_length, n_topics = 200, 30, 5
topic_words = np.random.permutation(np.arange(1, 101)).reshape(n_topics, 20)

def articles(n):
    y = np.random.randint(0, n_topics, n)
    x = np.random.randint(101, max_features, (n, sequence_length))
    for i in range(n):
        pos = np.random.choice(sequence_length, 5, replace=False)
        x[i, pos] = np.random.choice(topic_words[y[i]], 5)
    return x, y

x_train, y_train = articles(1500)
x_val, y_val = articles(400)

model = keras.Sequential([
    layers.Input((sequence_length,)),
    layers.Embedding(max_features, 16),
    layers.Conv1D(32, 3, activation="relu"),
    layers.GlobalMaxPooling1D(),
    layers.Dropout(0.2),
    layers.Dense(n_topics)])
model.summary()
model.compile(loss=losses.SparseCategoricalCrossentropy(), optimizer="adam", metrics=["accuracy"])
epochs = 12
history = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=epochs, verbose=2)
loss, accuracy = model.evaluate(x_val, y_val, verbose=0)
print("Loss: ", loss)
print("Accuracy: ", accuracy)
