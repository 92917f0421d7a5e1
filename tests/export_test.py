#!/usr/bin/env python3
"""What `export` writes gives the numbers that learn gives, within 1e-5 of the largest: the
ONNX file in onnxruntime-web (after onnx's own checker), the script in PyTorch, which also
learns on, alone and as two processes. Wants Debian's python3-torch, python3-onnx, nodejs
and npm."""
import glob, importlib.util, json, os, re, shutil, subprocess, sys, tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)  # where Debian's modules are

learn = os.path.abspath(os.environ.get("LEARN_FAST", "./learn"))
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
env = dict(os.environ, TERM="dumb", XDG_STATE_HOME=tempfile.mkdtemp(), LEARN_HOME=root)
scratch = tempfile.mkdtemp()
bad = 0
placed = 0  # scripts that were looked at: is all of them on one device?

U, V = "[[0.5, -1, 2], [-0.25, 3, -2]]", "[[1.5, 0.5, -1], [2, -0.5, 0.25]]"
PICTURE = "X = reshape([%s], 2, 2, 6, 6)" % ", ".join(str((i * 7 % 23) / 5 - 2) for i in range(144))

# name, lines, what is exported. One formula a gate, or a whole net.
MODELS = [
    ("neuron", "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2", "E"),
    ("line", "x = [1, 2, 3]; y = [1, 2, 3]; param w = 0.5, b = 0.1; E = mean((w*x + b - y)^2)", "E"),
    ("logistic", "X = [[-2], [-1], [1], [2]]; y = [[0], [0], [1], [1]]; param w = 0.7, b = -0.2; "
     "p = sigmoid(w*X + b); E = binary_cross_entropy(p, y)", "E"),
    ("flat", "X = [[-900], [900]]; y = [[1], [1]]; param w = 1; E = binary_cross_entropy(sigmoid(w*X), y)", "E"),
    ("chance", "X = [[0.2], [0.9]]; y = [[0], [1]]; E = binary_cross_entropy(X, y)", "E"),
    ("iris", "use iris; net 4-8-3 tanh; train E epochs 2 batch 10", "E"),
    ("iris-out", "use iris; net 4-8-3 sigmoid; train E epochs 1 batch 10", "O"),
    ("moons", "use moons; net 2-8-8-1 relu; train E epochs 2 batch 20", "E"),
    ("cnn", "use digits; C1 = relu(conv(X, 4, size=3, pad=1)); P1 = maxpool(C1, 2); "
     "C2 = leaky_relu(conv(P1, 6, size=3, pad=1)); P2 = avgpool(C2, 2); h = dropout(flatten(P2), 0.3); "
     "O = dense(h, 10); E = cross_entropy(O, y); train E epochs 1 batch 32 rate 0.05 with adam", "O"),
    ("cnn-loss", "use digits; C1 = relu(conv(X, 4, size=3, pad=1)); O = dense(flatten(maxpool(C1, 2)), 10); "
     "E = cross_entropy(O, y)", "E"),
    ("kernel", PICTURE + "; K = ones(3, 2, 2, 2); C = conv(X, K, stride=2)", "C"),
    ("pools", PICTURE + "; A = maxpool(X, 4, stride=2); B = avgpool(X, 4, stride=1); s = mean(A) + max(B)", "s"),
    ("one-hot", "X = %s; y = [[1, 0, 0], [0, 0.5, 0.5]]; E = cross_entropy(X, y)" % U, "E"),
    ("row", "x = [1, 2, 3]; E = cross_entropy(x, 2) + cross_entropy(x, [0, 1, 0])", "E"),
    ("arithmetic", "u = %s; v = %s; f = -(u + v)*u/(v - 9) + (2 - u)^2 + 3^v - (u - (v - 1))" % (U, V), "f"),
    ("powers", "u = %s; v = 2; f = (-u)^v + -u^v + u^2^1 + 2^(-v)" % U, "f"),
    ("compare", "u = %s; v = %s; f = (u < v) + 2*(u > v) + 4*(u <= v) + 8*(u >= v) + 16*(u == u) + "
     "32*(u != v) + 64*(u ~= u)" % (U, V), "f"),
    ("choose", "u = %s; v = %s; f = where(u > 0, u, v) + max(u, v) - min(u, 0.3)" % (U, V), "f"),
    ("functions", "u = %s; f = abs(u) + exp(u) + log(abs(u)) + sqrt(u^2) + sin(u)*cos(u) + arctan(u)" % U, "f"),
    ("activations", "u = %s; f = identity(u) + 2*binary_step(u) + 3*sigmoid(u) + 4*tanh(u) + 5*softsign(u) + "
     "6*relu(u) + 7*leaky_relu(u) + 8*prelu(u, 0.2) + 9*rrelu(u) + 10*elu(u, 1.5) + "
     "11*elu(u) + 12*softplus(u) + 13*silu(u) + 14*gelu(u) + 15*erf(u)" % U, "f"),
    ("steps", "u = %s; f = sign(u) + 2*floor(3*u) + 4*round(5*u) + clip(u, -0.5, 0.5)" % U, "f"),
    ("norms-along", "u = %s; f = var(u) + norm(u) + prod(u) + var(u, axis=1) + norm(u, axis=1) + prod(u, axis=1)" % U,
     "f"),
    ("unit", "u = %s; f = u @ eye(3)" % U, "f"),
    ("along", "u = %s; f = sum(u) + mean(u) + std(u) + max(u) + min(u) + sum(u, axis=1) + mean(u, axis=1) + "
     "std(u, axis=1) + max(u, axis=1) + min(u, axis=1)" % U, "f"),
    ("columns", "X = %s; f = (X - mean(X, axis=0))/std(X, axis=0) + sum(X, axis=0) - max(X, axis=0)" % U, "f"),
    ("places", "u = %s; f = argmax(u) + 10*argmin(u)" % U, "f"),
    ("softmax", "u = %s; f = softmax(u)" % U, "f"),
    ("softmax-columns", "u = %s; f = sum(softmax(u, axis=0)*u)" % U, "f"),
    ("classes", "X = [[0], [2], [1]]; f = one_hot(X, 3)", "f"),
    ("products", "A = %s; b = [1, 2, 3]; f = sum(A @ b) + b @ b + sum(transpose(A) @ A)" % U, "f"),
    ("lists", "a = 2; b = 3; f = [[a, b], [a*b, a - b]]", "f"),
    ("indices", "u = %s; f = u[0, 1] * u[1] + u[0..1, 2] @ [1, 1] + u[1..1, 1..2][0, 1]" % U, "f"),
    ("all-of", "use iris; A = dense(X[.., 1..2], 3); B = dense(X[:, 0..1]*2, 3); f = A[.., 0] + B[.., 2]", "f"),
    ("concat", "u = %s; v = %s; f = concat(concat(u, v), concat(v, u, axis=1), axis=0)" % (U, V), "f"),
    ("reshape", "X = %s; f = flatten(reshape(X, -1, 3, 1)) + reshape(flatten(X), 2, 3)" % U, "f"),
    ("vector", "x = [1, 2, 3]; f = flatten(x)", "f"),
    ("losses", "X = %s; y = %s; f = l1(X, y) + l2(X, y) + hinge(X, y)" % (U, V), "f"),
    ("accuracy", "X = %s; y = [[2], [0]]; f = accuracy(X, y) + accuracy(X, one_hot([2, 0], 3)) + "
     "accuracy([0.1, 0.9, 0.8], [0, 1, 0])" % U, "f"),
    ("frozen", "X = %s; m = mean(X); f = X - now(mean(X, axis=0)) + now(m)" % U, "f"),
    ("functions-of-own", "g(a, b) = a*b + a; x = 3; f = g(x, 2) - g(2, x)", "f"),
    ("what-if", "x = 2; param w = 3; h = w*x; f = h - (h at w = 5, x = 1)", "f"),
    ("rnn", "x1 = [[1, 0]]; x2 = [[0, 1]]; param Wx[2,3], Wh[3,3]; h1 = tanh(x1 @ Wx); "
     "h2 = tanh(h1 @ Wh + x2 @ Wx)", "h2"),
    ("batchnorm", "use iris; H = dense(X, 8); B = relu(batchnorm(H)); O = dense(B, 3); E = cross_entropy(O, y); "
     "train E epochs 3 batch 10", "E"),
    ("batchnorm-one", "x = [[1, 2, 8]]; B = batchnorm(x); f = B * 2", "f"),
    ("batchnorm-out", "use iris; H = dense(X, 8); B = relu(batchnorm(H, eps=0.01)); O = dense(B, 3); "
     "E = cross_entropy(O, y); train E epochs 1 batch 16 with momentum 0.9", "O"),
    ("norms", PICTURE + "; C = conv(X, 3, pad=1); B = batchnorm(C); S = reshape(X, 2, 12, 6); T = batchnorm(S); "
     "L = layernorm(S); param w = 2; E = mean(B^2) + mean(T^2 * w) + mean(L * S); step E rate 0.1; "
     "v = batchnorm([1, 2, 3, 4]); M = layernorm(v); f = T + L + sum(B[0, 1]) + sum(v*v) + M[1]", "f"),
    ("sequence", "use iris; X = reshape(X, -1, 4, 1); L = lstm(X, 6, all=1); R = rnn(L, 5, all=1); G = gru(R, 4); "
     "O = dense(G, 3); E = cross_entropy(O, y); train E epochs 2 batch 10 rate 0.5", "E"),
    ("last-lstm", "use iris; X = reshape(X, -1, 4, 1); H = lstm(X, 3)", "H"),
    ("last-rnn", "use iris; X = reshape(X, -1, 2, 2); H = rnn(X, 16)", "H"),
    ("all-gru", "use iris; X = reshape(X, -1, 2, 2); H = gru(X, 7, all=1)", "H"),
    ("borders", PICTURE + "; C = conv(X, 3, size=3, stride=2, pad=same); P = maxpool(X, 3, stride=2, pad=1, floor=1); "
     "A = avgpool(X, 3, stride=2, pad=same); D = conv(X, 2, size=4, stride=3, floor=1); "
     "f = sum(C) + P + 2*A + mean(D)", "f"),
    ("embedding", "X = [[0, 2, 1], [1, 1, 0]]; V = embedding(X, 3, 4); O = sum(V, axis=1)", "O"),
    ("names", "오차율 = 0.5; param α = 2, lambda = 3, ϵ = 4, ε = 5, torch = 6, self = 7, print = 8, in = 9; param number = 10; "
     "가설 = α*오차율 + lambda*torch - self/print + in^ϵ - ε + 3/number; float = 가설; E.x = (가설 - 1)^2 + float; "
     "E_x = E.x*2", "E_x"),
    ("large", "X = zeros(3, 40) + 0.5; h = tanh(dense(X, 50)); O = dense(h, 2)", "O"),
    ("about", "x = 2; param w = 3; h = w*x; E = (h - 1)^2; step E rate 0.01; "
     "f = is_param(w)*h + 2*is_formula(h) + 4*learned(E) + parameters(E) + sum(linspace(0, 1, 5))*w", "f"),
    ("zeros", "x = 1; f = zeros(2, 2) + x*ones(2, 2) + 2*3 + pi", "f"),
]
REFUSED = ["A = eye(2); f = solve(A, [1, 2]); export f into \"no.onnx\"",
           "param w = 3; E = w^2; g = dE/dw; export g into \"no.onnx\"",
           "param w = 3; E = w^2; g = dE/dw; export g into \"no.py\"",
           "param w = 3; export w into \"no.onnx\"", "x = 1; h = 2*x; export h into \"no.txt\"",
           "x = 1; h = 2*x; export h into \".py\"", "x = 1; h = 2*x; export h into \"nowhere/m.py\"",
           "x = 1; h = 2*x; export h"]


def say(ok, name, why=""):
    global bad
    print(("ok " if ok else "FAILED ") + name + ("" if ok else ": " + str(why)), flush=True)
    bad = bad or not ok


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, cwd=scratch, env=env, timeout=600,
                          stdin=subprocess.DEVNULL, **more)
    return done.returncode, done.stdout + done.stderr


def numbers(path):
    """The names and numbers of a saved board."""
    found = {}
    for line in open(path, encoding="utf-8"):
        m = re.match(r"(\S+) = ([-\[\]0-9.e+, ]+)$", line)
        if m:
            found[m[1]] = json.loads(m[2])
    return found


def apart(got, want):
    import numpy
    got, want = numpy.asarray(got, dtype=float), numpy.asarray(want, dtype=float)
    if got.shape != want.shape:
        return f"shape {got.shape} for {want.shape}"
    if not numpy.isfinite(got).all():
        return "not finite"
    off, most = numpy.abs(got - want).max(), numpy.abs(want).max()
    return "" if off <= 1e-5 * max(most, 1e-2) else f"{off} apart"


def script(name):
    spec = importlib.util.spec_from_file_location("m", f"{scratch}/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_models():
    """In one go; returns the numbers each should give."""
    wants = {}
    for name, lines, what in MODELS:
        text = f'{lines}; export {what} into "{name}.onnx"; export {what} into "{name}.py"; ' \
               f'want_ = now({what}); save "{name}.learn"'
        status, out = run(learn, "--lang", "en", "-c", text)
        if status:
            say(False, f"export {name}", out[-500:])
        else:
            wants[name] = numbers(f"{scratch}/{name}.learn")
    return wants


def check_torch(wants):
    try:
        import torch
    except ImportError:
        print("skipped: PyTorch (python3-torch is not installed)")
        return
    for name, board in wants.items():
        try:
            m = script(name)
            with torch.no_grad():
                got = m.Net(m.BOARD).eval()(*m.values(m.BOARD, m.INPUTS)).numpy()
            say(not apart(got, board["want_"]), f"PyTorch gives the same: {name}", apart(got, board["want_"]))
            elsewhere(torch, m, name)
        except Exception as e:
            say(False, f"PyTorch gives the same: {name}", repr(e))
    status, out = run("/usr/bin/python3", "iris.py")
    say(status == 0 and "all rows: 120" in out, "the script shows its numbers by itself", out)
    status, out = run(learn, "--lang", "en", "-c", 'use fashion; O = dense(flatten(X), 10); E = sqrt(l2(O, one_hot(y, 10))); export E into "mixed.py"; E')
    status, there = run("/usr/bin/python3", "mixed.py")
    said = re.findall(r"E = (\S+)", out)[-1:] + re.findall(r"E = (\S+)  \(all rows: \d+\)", there)
    say(len(said) == 2 and said[0] == said[1], "rows that are seen together are all looked at together", out + there)
    status, out = run("/usr/bin/python3", "names.py", "train", "--rate", "1e-9", "--epochs", "1")
    say(status == 0 and "names.trained.npz" in out, "odd names train too", out)
    for name, *order in ("iris", "--epochs", "4"), ("neuron", "--epochs", "20"), \
            ("cnn-loss", "--epochs", "1", "--batch", "32"):
        check_training(name, order)
    check_optimisers()
    say(placed > 30, "what stands on one device was looked at", placed)


def elsewhere(torch, m, name):
    """All that a script makes stands where it says (a GPU; here: nowhere), or PyTorch refuses it."""
    global placed
    m.DEVICE = torch.device("meta")
    try:
        with torch.no_grad():
            there = m.Net(m.BOARD).eval()(*m.values(m.BOARD, m.INPUTS)).device.type == "meta"
        placed += 1
        say(there, f"… all of it on one device: {name}")
    except NotImplementedError:
        pass  # what PyTorch itself can't do without numbers
    except Exception as e:
        if "Can not infer" in str(e):
            return  # of numbers that are not there, either
        say(False, f"… all of it on one device: {name}", repr(e))


def check_optimisers():
    """Every row of the optimisers, its rate falling, its gradients clipped, its weights
    pulled: learn and its script go on from the same weights to the same loss."""
    status, out = run(learn, "--lang", "en", "-c", "param w = 1; E = w^2; descend E with none")
    names = re.search(r"There are: ([^.]*)\.", out)[1].replace(",", " ").split()
    say(len(names) > 5, "there are optimisers", out)
    for name in names:
        order = f"train E epochs 6 batch 120 with {name} rate 0.03 decay 0.8 clip 0.05 penalty 0.01"
        status, out = run(learn, "--lang", "en", "-c", f'digits 9; use iris; net 4-8-3 tanh; {order}; export E into "by-{name}.py"; a = now(E); {order}; a, E')
        was, want = map(float, re.findall(r"^a = (\S+?),? +E = (\S+)$", out, re.M)[-1]) if status == 0 else (0, 0)
        status, there = run("/usr/bin/python3", f"by-{name}.py", "train")
        got = losses(there)
        say(status == 0 and abs(got[0] - was) < 1e-4 and abs(got[-1] - want) < 1e-4 and abs(want - was) > 1e-3,
            f"{name}, with decay, clip and penalty, is PyTorch's ({want:.6f})", out[-500:] + there[-800:])


def losses(out):
    return [float(v) for v in re.findall(r"^ +\d+  \S+ = (\S+)", out, re.M)]


def check_training(name, order):
    """Alone and as two processes: the loss falls, to the same, and the weights agree."""
    base = [f"{name}.py", "train", "--rate", "0.05"] + order
    status, out = run("/usr/bin/python3", *base)
    alone = losses(out)
    say(status == 0 and alone[-1] < 0.98 * alone[0], f"PyTorch learns on: {name}", out[-800:])
    status, again = run("/usr/bin/python3", f"{name}.py", "train", "--epochs", "0", "--weights",
                        f"{name}.trained.npz")
    say(status == 0 and abs(losses(again)[0] - alone[-1]) <= 1e-5 * max(1, alone[-1]),
        f"and what it learnt is kept: {name}", again[-800:])
    for way, command in zip(("torchrun", "by hand"), said_ways(name)):
        status, out = run("sh", "-c", command.replace(" train", " " + " ".join(base[1:])))
        if way == "torchrun" and "without libuv" in out:
            print("skipped: torchrun (this PyTorch has no libuv)")
            continue
        both = losses(out)
        say(status == 0 and both and abs(both[-1] - alone[-1]) < 1e-4 * max(1, alone[0]),
            f"two processes learn the same as one, {way}: {name}", out[-1500:])
        m = re.search(r"2 processes; .*: (\S+)$", out, re.M)
        say(bool(m) and float(m[1]) == 0, f"and agree, {way}: {name}", out[-800:])


def said_ways(name):
    """How the script says that several processes learn: with torchrun (-r and -t: Debian 12's
    torch 1.13 does not know its own 0 under Python 3.11) and by hand. On a port of ours."""
    port = 20000 + os.getpid() % 30000
    head = open(f"{scratch}/{name}.py", encoding="utf-8").read().split("import ")[0]
    torchrun, hand = re.findall(r"^#   (.* torch\.distributed\.run .*|for r in .*)$", head, re.M)
    torchrun, hand = (line.replace("python3 ", "/usr/bin/python3 ") for line in (torchrun, hand))
    return (torchrun.replace("--nproc", f"--master_addr=127.0.0.1 --master_port={port} --nproc"),
            hand.replace("29500", str(port)))


NODE = """
const ort = require('onnxruntime-web'), fs = require('fs');
ort.env.wasm.numThreads = 1;
(async () => {
    const results = [];
    for (const job of JSON.parse(fs.readFileSync(process.argv[2]))) {
        try {
            const s = await ort.InferenceSession.create(fs.readFileSync(job.file)), feeds = {};
            for (const [name, t] of Object.entries(job.feeds))
                feeds[name] = new ort.Tensor('float32', t.data, t.dims);
            const out = (await s.run(feeds))[s.outputNames[0]];
            results.push({dims: out.dims, data: Array.from(out.data)});
        } catch (e) { results.push({error: String(e)}); }
    }
    fs.writeFileSync(process.argv[3], JSON.stringify(results));
})();
"""


def runtime():
    """The folder that has onnxruntime-web, fetched once; None where it can't be."""
    folder = os.path.join(root, "build", "npm")
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "node or npm is not installed"
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(folder + "/node_modules/onnxruntime-web"):
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", folder,
                               "onnxruntime-web@1.14.0"], capture_output=True, text=True, cwd=folder)
        if done.returncode:
            return None, "npm could not fetch onnxruntime-web"
    with open(folder + "/run.js", "w") as f:
        f.write(NODE)
    return folder, ""


def feeds_of(model, board, rows):
    import numpy
    feeds = {}
    for door in model.graph.input:
        dims = door.type.tensor_type.shape.dim
        v = numpy.asarray(board[door.name], dtype=float)
        if dims and dims[0].dim_param and rows:
            v = v[:rows]
        feeds[door.name] = {"dims": list(v.shape), "data": v.flatten().tolist()}
    return feeds


def check_onnx(wants):
    try:
        import numpy, onnx
    except ImportError:
        print("skipped: ONNX (python3-onnx is not installed)")
        return
    jobs, expected = [], []
    for name, board in wants.items():
        try:
            model = onnx.load(f"{scratch}/{name}.onnx")
            for rows in glob.glob(f"{scratch}/{name}-????????.npz"):  # a set's, beside the script
                board = {**numpy.load(rows), **board}
            onnx.checker.check_model(model, full_check=True)
            say(True, f"onnx's checker passes {name}")
            out = model.graph.output[0].type.tensor_type.shape.dim
            want = numpy.asarray(board["want_"], dtype=float)
            jobs.append({"file": f"{scratch}/{name}.onnx", "feeds": feeds_of(model, board, 0)})
            expected.append((name, want))
            if out and out[0].dim_param == "N" and len(want) > 1:
                jobs.append({"file": f"{scratch}/{name}.onnx", "feeds": feeds_of(model, board, 1)})
                expected.append((name + ", one row", want[:1] if name not in ("columns", "along", "norms-along") else None))
        except Exception as e:
            say(False, f"onnx's checker passes {name}", e)
    folder, why = runtime()
    if not folder:
        print("skipped: onnxruntime (" + why + ")")
        return
    with open(scratch + "/jobs.json", "w") as f:
        json.dump(jobs, f)
    status, out = run("node", folder + "/run.js", scratch + "/jobs.json", scratch + "/results.json")
    if status:
        say(False, "onnxruntime runs", out[-800:])
        return
    for (name, want), got in zip(expected, json.load(open(scratch + "/results.json"))):
        why = got.get("error") or (want is not None and
                                   apart(numpy.asarray(got["data"]).reshape(got["dims"]), want))
        say(not why, f"onnxruntime gives the same: {name}", why)


def check_all_functions():
    """Every function that help lists is in one of the models."""
    text = run(learn, "--lang", "en", "-c", "help")[1]
    lines = " ".join(lines for _, lines, _ in MODELS)
    for word in text.split("Functions")[1].split("More:")[0].split():
        if word not in ("normal", "uniform", "xavier", "he", "solve"):  # dice; check_solve
            say(bool(re.search(rf"\b{word}\b", lines)), f"{word} is exported by one of the models")


def check_solve():
    """ONNX has no way to say it; the script has."""
    status, out = run(learn, "--lang", "en", "-c", 'A = [[2, 1], [1, 3]]; param b[2,1] = [[1], [2]]; '
                      'f = solve(A, b); export f into "solve.py"')
    say(status == 0, "export solve", out)
    status, out = run(sys.executable, "solve.py")
    say(status == 0 and "0.2" in out and "0.6" in out, "PyTorch solves", out[-300:])


def check_bare():
    """A parameter alone, or a part of it, is a formula too."""
    status, out = run(learn, "--lang", "en", "-c", 'param w = 3, W[3] = ones; E = w; F = W; G = W[1]; H = W[0..1]; ' +
                      "; ".join(f'export {name} into "bare-{name}.py"' for name in "EFGH"))
    say(status == 0, "a parameter alone is exported", out)
    try:
        import torch as _
    except ImportError:
        return
    for name in "EFGH":
        status, out = run(sys.executable, f"bare-{name}.py")
        say(status == 0 and out.split()[-1] == "0.0", f"a parameter alone in Python: {name}", out[-500:])


def check_refused():
    for line in REFUSED:
        status, out = run(learn, "--lang", "en", "-c", line)
        say(status == 1 and not any(f.startswith("no.") for f in os.listdir(scratch)), f"refused: {line}", out)


def check_saved():
    """save and run bring a net back, to the last bit."""
    lines = 'use iris; net 4-300-3 tanh; train E epochs 1 batch 10; a = now(E); save "s.learn"'
    status, out = run(learn, "--lang", "en", "-c", lines + '; reset; run "s.learn"; expect E == a')
    say(status == 0 and glob.glob(scratch + "/s.learn.weights-*"), "a saved net comes back to the bit", out)
    # a data set is saved as its line, however large; what is larger than a script goes beside
    lines = 'use fashion_mnist; save "f.learn"; use X[0..999], y[0..999]; a = now(sum(X)); save "p.learn"'
    status, out = run(learn, "--lang", "en", "-c", lines + '; reset; run "p.learn"; expect sum(X) == a; '
                      'run "f.learn"; expect mean(y) == 4.5')
    if "not installed" not in out:
        small = os.path.getsize(scratch + "/f.learn") < 100 and os.path.getsize(scratch + "/p.learn") < 20000
        say(status == 0 and small, "a data set is saved as the line that brings it", out)


def check_table():
    """A table of numbers goes out as CSV and comes back."""
    lines = 'marks = [[1, 8, 52.5], [2, 6, 1/3], [3, 7, -70]]; export marks into "t.csv"; ' \
            'use "t.csv" x 1..2 y 3 test 0; expect sum(y == 1/3) == 1; expect sum(X) == 27'
    status, out = run(learn, "--lang", "en", "-c", lines)
    say(status == 0 and len(open(scratch + "/t.csv").read().split()) == 3, "a table goes out as CSV and comes back", out)


try:
    check_all_functions()
    check_table()
    check_refused()
    check_saved()
    check_bare()
    check_solve()
    boards = write_models()
    check_onnx(boards)
    check_torch(boards)
finally:
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.rmtree(env["XDG_STATE_HOME"], ignore_errors=True)
sys.exit(bad)
