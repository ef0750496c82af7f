"""Loads our weights strictly into torch.nn.Sequential, and runs the network from there: the spikes must be ours.

    python torch_strict.py WEIGHTS.safetensors SPIKES.dense.npz

The neuron is that of the model, section 1. Exit code 77 says that PyTorch is not there.
"""

import json
import re
import sys

try:
    import numpy as np
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

weights, spikes = sys.argv[1:3]
with safe_open(weights, "pt") as file:
    settings = json.loads(file.metadata()["spikescape"])["settings"]


def setting(key):
    return re.search(rf"^{key} = (.*)$", settings, re.M).group(1).strip('"')


def modules():
    """The layers of the settings as modules; the shape in front of each."""
    shape = [int(n) for n in setting("inputs").split("x")]
    layers = [] if setting("hidden") == "none" else setting("hidden").split(" - ")
    for layer in [*layers, f"fc{setting('outputs')}"]:
        kind, numbers = re.match(r"[a-z]+", layer).group(), [int(n) for n in re.findall(r"\d+", layer)]
        if kind == "fc":
            yield torch.nn.Linear(shape[0], numbers[0])
            shape = numbers
        elif kind == "conv":
            yield torch.nn.Conv2d(shape[0], numbers[0], numbers[1], padding=(numbers[1] - 1) // 2)
            shape = [numbers[0], *shape[1:]]
        elif kind in ("avg", "max"):
            yield {"avg": torch.nn.AvgPool2d, "max": torch.nn.MaxPool2d}[kind](numbers[0])
            shape = [shape[0], *(n // numbers[0] for n in shape[1:])]
        elif kind == "flatten":
            yield torch.nn.Flatten()
            shape = [int(np.prod(shape))]


net = torch.nn.Sequential(*modules())
print(net.load_state_dict(load_file(weights), strict=True))
net = net.double()

arrays = np.load(spikes)
shape = [int(n) for n in setting("inputs").split("x")]
alpha_i, alpha_v = float(setting("alpha_i")), float(setting("alpha_v"))
steps = arrays["input"].shape[1]
epsilon = [sum(alpha_i**k * alpha_v ** (t - k) for k in range(t + 1)) for t in range(steps)]
assert setting("beta_auto") == "true"
beta = 1 / max(epsilon)


@torch.no_grad()
def run(sample):
    """The output of each module, [module][time, …]."""
    state, out = {}, [[] for _ in net]
    for t in range(steps):
        s = torch.from_numpy(arrays["input"][sample, t].astype("f8")).reshape(1, *shape)
        for n, module in enumerate(net):
            if not hasattr(module, "weight"):
                s = module(s)
            else:
                bias = module.bias.reshape(1, -1, *[1] * (s.dim() - 2))
                product = module(s) - bias
                i, v, alive = state.get(n, (0.0, 0.0, 1.0))
                i = product + alpha_i * alive * i
                v = beta * i + beta * bias + alpha_v * alive * v
                s = (v >= 1).double()
                state[n] = (i, v, 1 - s)
            out[n].append(s.flatten())
    return [torch.stack(s) for s in out]


checked = 0
for sample in range(arrays["input"].shape[0]):
    for n, found in enumerate(run(sample)):
        name = "output" if n + 1 == len(net) else f"layer{n}"
        ours = torch.from_numpy(arrays[name][sample].astype("f8"))
        assert torch.equal(found, ours), f"sample {sample}, {name}: {int((found != ours).sum())} differ"
        checked += int(ours.count_nonzero())
assert checked, "silence compares nothing"
print(f"PyTorch {torch.__version__} makes the same {checked} spikes from {len(net)} modules")
