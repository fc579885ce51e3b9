# seq2seq: reverse a string of digits, encoder-decoder with teacher forcing and greedy decoding
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import LSTM, Dense, Embedding, Input

keras.utils.set_random_seed(10)
GO, N_SYM, LEN, HID = 10, 11, 4, 64

src = np.random.randint(0, 10, (3000, LEN))
tgt = src[:, ::-1]
dec_in = np.concatenate([np.full((len(src), 1), GO), tgt[:, :-1]], axis=1)

encoder_inputs = Input(shape=(LEN,))
emb = Embedding(N_SYM, 24)
_, h, c = LSTM(HID, return_state=True)(emb(encoder_inputs))
decoder_inputs = Input(shape=(None,))
decoder_lstm = LSTM(HID, return_sequences=True, return_state=True)
decoder_seq, _, _ = decoder_lstm(emb(decoder_inputs), initial_state=[h, c])
decoder_dense = Dense(10, activation="softmax")
model = keras.Model([encoder_inputs, decoder_inputs], decoder_dense(decoder_seq))
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit([src[:2700], dec_in[:2700]], tgt[:2700], batch_size=64, epochs=20,
          validation_data=([src[2700:], dec_in[2700:]], tgt[2700:]), verbose=2)

# inference models
encoder_model = keras.Model(encoder_inputs, [h, c])
h_in, c_in = Input((HID,)), Input((HID,))
seq, h_out, c_out = decoder_lstm(emb(decoder_inputs), initial_state=[h_in, c_in])
decoder_model = keras.Model([decoder_inputs, h_in, c_in], [decoder_dense(seq), h_out, c_out])

states = encoder_model.predict(src[2700:], verbose=0)
token = np.full((300, 1), GO)
decoded = []
for _ in range(LEN):
    p, *states = decoder_model.predict([token, *states], verbose=0)
    token = p.argmax(-1)
    decoded.append(token[:, 0])
decoded = np.stack(decoded, 1)
for i in range(3):
    print(src[2700 + i], "->", decoded[i])
print("digits right by greedy decoding: %.3f" % (decoded == tgt[2700:]).mean())
