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
WORLD, RANK = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
PLACE = int(os.environ.get("LOCAL_RANK", RANK))
GPUS = torch.cuda.device_count() if torch.cuda.is_available() else 0
GPU = GPUS > 0 and GPUS >= int(os.environ.get("LOCAL_WORLD_SIZE", WORLD))  # {{say gpu}}
DEVICE = torch.device("cuda", PLACE) if GPU else torch.device("cpu")
torch.backends.cudnn.allow_tf32 = False  # {{say exact}}
torch.set_default_dtype(torch.float64)


def load(path):
    with numpy.load(path) as file:
        return {name: file[name] for name in file}


def number(x):
    return torch.tensor(x, dtype=torch.get_default_dtype(), device=DEVICE)


{{tables}}

class Net(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.weights = torch.nn.ParameterList(
            torch.nn.Parameter(number(weights[name])) for name in WEIGHTS)
        self.fixed = [number(BOARD[name]) for name in FIXED]

    def forward(self{{arguments}}):
{{formulas}}        return {{root}}


def value(board, name):
    """{{say whole}}"""
    x = numpy.asarray(board[name])
    return number(x) / (OVER.get(name, 1) if x.dtype.kind in "iu" else 1)


def values(board, names):
    return [value(board, name) for name in names]


def some(inputs, rows):
    return [x[rows] if name in ROWS else x for name, x in zip(INPUTS, inputs)]


def show(net):
    """{{say show}}"""
    with torch.no_grad():
        here = net(*some(values(BOARD, INPUTS), slice({{few}}))).detach()
    print("{{root}} =", here.cpu().numpy(), f"({{say few}} {{few}})" if ROWS else "")
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
    model = net
    if RANK == 0:
        print("{{say where}}", torch.cuda.get_device_name(DEVICE) if GPU else "CPU",
              f"× {WORLD}" if WORLD > 1 else "")
    if WORLD > 1:  # {{say split}}
        if GPU:
            torch.cuda.set_device(DEVICE)
        dist.init_process_group("nccl" if GPU else "gloo")
        model = torch.nn.parallel.DistributedDataParallel(net)
    optimiser = {{optimiser}}
{{schedule}}    inputs, test = values(board, INPUTS), values(board, TEST)
    for epoch in range(order.epochs + 1):
        rows, loss = look(net, inputs)
        if RANK == 0:
            print(f"{epoch:6}  {{root}} = {loss:.6g}", end="")
            print(f"  {{say test}} {look(net, test)[1]:.6g}" if TEST else "")
        if epoch == order.epochs:
            break
        model.train()
        dice = torch.Generator().manual_seed(epoch)
        for batch in torch.randperm(rows, generator=dice).split(order.batch or rows):
            mine = batch[RANK::WORLD]
            share = len(mine) * WORLD / len(batch)  # {{say share}}
            optimiser.zero_grad()
            loss = model(*some(inputs, mine if len(mine) else batch[:1]))
            (loss * share).backward()
{{clipping}}            optimiser.step()
{{slower}}    if WORLD > 1:
        mine = torch.cat([w.detach().flatten() for w in net.weights])
        all_of_them = [torch.empty_like(mine) for _ in range(WORLD)]
        dist.all_gather(all_of_them, mine)
        apart = max((w - mine).abs().max().item() for w in all_of_them)
        if RANK == 0:
            print(f"{WORLD} {{say agree}} {apart:g}")
        dist.destroy_process_group()
    if RANK == 0:
        learnt = {name: w.detach().cpu().numpy() for name, w in zip(WEIGHTS, net.weights)}
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
