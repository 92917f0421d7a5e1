# {{say head}}
#
#   python3 {{file}}
#       {{say show}}
#train
#   python3 {{file}} train
#       {{say train}}
#   python3 -m torch.distributed.run --nproc_per_node=2 -r 9:3 -t 9:3 {{file}} train
#       {{say many}}
#   for r in 0 1; do RANK=$r WORLD_SIZE=2 MASTER_ADDR=localhost MASTER_PORT=29500 USE_LIBUV=0 python3 {{file}} train & done; wait
#       {{say hand}}
#end
import argparse
import os
import pathlib

import numpy
import torch
import torch.distributed as dist

HERE = pathlib.Path(__file__)
torch.set_default_dtype(torch.float64)


def load(path):
    with numpy.load(path) as file:
        return {name: file[name] for name in file}


def number(x):
    return torch.tensor(x, dtype=torch.get_default_dtype())


{{tables}}

class Net(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.weights = torch.nn.ParameterList(
            torch.nn.Parameter(number(weights[name])) for name in WEIGHTS)
        self.fixed = [number(BOARD[name]) for name in FIXED]

    def forward(self{{arguments}}):
{{formulas}}        return {{root}}


def values(board, names):
    return [number(board[name]) for name in names]


def some(inputs, rows):
    return [x[rows] if name in ROWS else x for name, x in zip(INPUTS, inputs)]


def show(net):
    """{{say show}}"""
    with torch.no_grad():
        here = net(*some(values(BOARD, INPUTS), slice({{few}}))).detach()
    print("{{root}} =", here.numpy(), f"({{say few}} {{few}})" if ROWS else "")
    print("{{say apart}}", float((here - number(LEARN)).abs().max()))
#train
    if ROWS:
        rows, loss = look(net, values(BOARD, INPUTS))
        print(f"{{root}} = {loss:.6g}  ({{say all}} {rows})")
#end


#train
def look(net, inputs):
    """{{say look}}"""
    rows = max((len(x) for name, x in zip(INPUTS, inputs) if name in ROWS), default=1)
    total = 0.0
    with torch.no_grad():
        for part in torch.arange(rows).split({{part}}):
            total += net.eval()(*some(inputs, part)).item() * len(part)
    return rows, total / rows


def train(net, order, board):
    """{{say rule}}"""
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    model = net
    if world > 1:  # {{say split}}
        dist.init_process_group("gloo")
        model = torch.nn.parallel.DistributedDataParallel(net)
    optimiser = {{optimiser}}
{{schedule}}    inputs, test = values(board, INPUTS), values(board, TEST)
    for epoch in range(order.epochs + 1):
        rows, loss = look(net, inputs)
        if rank == 0:
            print(f"{epoch:6}  {{root}} = {loss:.6g}", end="")
            print(f"  {{say test}} {look(net, test)[1]:.6g}" if TEST else "")
        if epoch == order.epochs:
            break
        model.train()
        dice = torch.Generator().manual_seed(epoch)
        for batch in torch.randperm(rows, generator=dice).split(order.batch or rows):
            mine = batch[rank::world]
            share = len(mine) * world / len(batch)  # {{say share}}
            optimiser.zero_grad()
            loss = model(*some(inputs, mine if len(mine) else batch[:1]))
            (loss * share).backward()
{{clipping}}            optimiser.step()
{{slower}}    if world > 1:
        mine = torch.cat([w.detach().flatten() for w in net.weights])
        all_of_them = [torch.empty_like(mine) for _ in range(world)]
        dist.all_gather(all_of_them, mine)
        apart = max((w - mine).abs().max().item() for w in all_of_them)
        if rank == 0:
            print(f"{world} {{say agree}} {apart:g}")
        dist.destroy_process_group()
    if rank == 0:
        learnt = {name: w.detach().numpy() for name, w in zip(WEIGHTS, net.weights)}
        numpy.savez(order.save, **learnt)
        print("{{say saved}}", order.save)


#end
def main():
    p = argparse.ArgumentParser(description="{{say head}}")
    p.add_argument("--weights", help="{{say from}}")
#train
    p.add_argument("what", nargs="?", default="show", choices=["show", "train"])
    p.add_argument("--data", help="{{say data}}")
    p.add_argument("--epochs", type=int, default={{epochs}})
    p.add_argument("--batch", type=int, default={{batch}}, help="{{say batch}}")
    p.add_argument("--rate", type=float, default={{rate}})
    p.add_argument("--save", default=HERE.with_suffix(".trained.npz"))
#end
    order = p.parse_args()
    weights = load(order.weights) if order.weights else BOARD
#train
    if order.what == "train":
        torch.set_default_dtype(PRECISION)
        if not WHOLE and not order.data:
            p.error("{{say partial}}")
        train(Net(weights), order, load(order.data) if order.data else BOARD)
        return
#end
    show(Net(weights).eval())


if __name__ == "__main__":
    main()
