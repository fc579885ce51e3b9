"""The subject under test, `nn.LSTM` and `torch.optim`, and the same compiled."""
