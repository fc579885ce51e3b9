"""Trains in several processes, started by torchrun: each has a share of every batch."""

import argparse
import json

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

RATE = 0.05


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    seed = parser.parse_args().seed
    dist.init_process_group("gloo")
    torch.manual_seed(seed)
    x = torch.randn(256, 8)
    y = (x.sum(1) > 0).float()
    model = DistributedDataParallel(nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    for _ in range(200):
        for batch in torch.randperm(len(x)).split(64):
            share = batch.chunk(dist.get_world_size())[dist.get_rank()]
            optimizer.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits
            loss(model(x[share]).squeeze(1), y[share]).backward()
            optimizer.step()
        with torch.no_grad():
            evaluated = loss(model.module(x).squeeze(1), y).item()
        if dist.get_rank() == 0:
            print(json.dumps({"loss": evaluated}))


if __name__ == "__main__":
    main()
