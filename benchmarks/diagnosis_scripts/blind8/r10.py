import os
os.environ["KERAS_BACKEND"]="torch"
import keras
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense, Dropout, Input

np.random.seed(1234)
keras.utils.set_random_seed(1234)

# daily log returns of a mean reverting spread, standardised
N=1800
spread=np.zeros(N)
for i in range(2,N):
    spread[i]=1.6*spread[i-1]-0.8*spread[i-2]+np.random.randn()
spread=(spread-spread.mean())/spread.std()

look_back=8
def create_dataset(series,look_back):
    dataX,dataY=[],[]
    for i in range(len(series)-look_back):
        dataX.append(series[i:i+look_back])
        dataY.append(series[i+look_back])
    return np.array(dataX,dtype='float32')[...,None],np.array(dataY,dtype='float32')

trainX,trainY=create_dataset(spread[:1400],look_back)
testX,testY=create_dataset(spread[1400:],look_back)

model=Sequential([
    Input((look_back,1)),
    LSTM(20,return_sequences=True),
    LSTM(20),
    Dropout(0.1),
    Dense(1,activation='relu'),
])
model.compile(loss='mean_squared_error',optimizer=keras.optimizers.Adam(0.005))
model.fit(trainX,trainY,epochs=8,batch_size=32,verbose=2)

testPredict=model.predict(testX,verbose=0).reshape(-1)
rmse=np.sqrt(np.mean((testPredict-testY)**2))
print('Test RMSE: %.3f'%rmse)
