"""The embeddings of many seeds: token ids become vectors, each seed's by its own table."""

import torch
from torch import Tensor


class Embedding:
    """Views of the tables and their gradients, `[seeds, vocabulary, width]`."""

    def __init__(self, weight: Tensor, gradient: Tensor) -> None:
        self.weight, self.gradient = weight, gradient

    def forward(self, x: Tensor) -> Tensor:
        """Map ids `[timesteps, seeds, 1, batch]` to `[timesteps, seeds, width, batch]`."""
        width, rows = self.weight.shape[2], _of_seeds(x).long()
        vectors = self.weight.gather(1, rows.expand(-1, -1, width))
        timesteps, seeds, _, batch = x.shape
        return vectors.view(seeds, timesteps, batch, width).permute(1, 0, 3, 2)

    def backward(self, x: Tensor, given: Tensor) -> None:
        """Write the gradient, given that of the vectors which ``x`` was mapped to."""
        seeds, vocabulary, _ = self.weight.shape
        first = torch.arange(seeds, device=x.device)[:, None, None] * vocabulary
        gradient = torch.ops.aten.embedding_dense_backward(
            _of_seeds(given).flatten(0, 1),
            (_of_seeds(x).long() + first).flatten(),
            num_weights=seeds * vocabulary,
            padding_idx=-1,
            scale_grad_by_freq=False,
        )
        self.gradient.copy_(gradient.view_as(self.gradient))


def _of_seeds(values: Tensor) -> Tensor:
    """Lay `[timesteps, seeds, values, batch]` out as `[seeds, timesteps * batch, values]`."""
    return values.permute(1, 0, 3, 2).flatten(1, 2)
