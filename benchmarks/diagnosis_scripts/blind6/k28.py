import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
from keras.layers import Dense, Dropout, Input, LSTM, Embedding
import numpy as np

# Spam detection on tokenised SMS
rs = np.random.RandomState(64)
keras.utils.set_random_seed(64)

max_words, max_len = 150, 20
spam_words = np.arange(1, 26)

def messages(n):
    X = rs.randint(26, max_words, (n, max_len))
    y = rs.randint(0, 2, n)
    for i in range(n):
        k = rs.randint(2, 4) if y[i] else rs.randint(0, 2)
        X[i, rs.choice(max_len, k, replace=False)] = rs.choice(spam_words, k)
    return X, y

X_train, Y_train = messages(1200)
X_test, Y_test = messages(400)

def RNN():
    inputs = Input(name='inputs', shape=(max_len,))
    layer = Embedding(max_words, 24)(inputs)
    layer = Dropout(0.8)(layer)
    layer = LSTM(32)(layer)
    layer = Dropout(0.8)(layer)
    layer = Dense(32, name='FC1', activation='relu')(layer)
    layer = Dropout(0.85)(layer)
    layer = Dense(1, name='out_layer', activation='sigmoid')(layer)
    return keras.Model(inputs=inputs, outputs=layer)

model = RNN()
model.summary()
model.compile(loss='binary_crossentropy', optimizer=keras.optimizers.RMSprop(0.003), metrics=['accuracy'])
model.fit(X_train, Y_train, batch_size=32, epochs=12, validation_split=0.15, verbose=2)
accr = model.evaluate(X_test, Y_test, verbose=0)
print('Test set\n  Loss: {:0.3f}\n  Accuracy: {:0.3f}'.format(accr[0], accr[1]))
