import csv
import sys
from pathlib import Path

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

run, picture = Path(sys.argv[1]), sys.argv[2]
with open(run / "metrics.csv") as file:
    metrics = list(csv.DictReader(file))
landscape, spikes = np.load(run / "landscape.npz"), np.load(run / "spikes.npz")
figure, (curve, plane, raster) = plt.subplots(1, 3, figsize=(12, 3.5), layout="constrained")

curve.plot([int(m["update"]) for m in metrics], [float(m["loss"]) for m in metrics], lw=1)
curve.set(xlabel="update", ylabel="loss")

image = plane.pcolormesh(landscape["a"], landscape["b"], landscape["loss"].T, cmap="viridis")
plane.plot(landscape["path_a"], landscape["path_b"], "w.-", lw=1, ms=3)
plane.set(xlabel="direction 1", ylabel="direction 2", xlim=landscape["a"][[0, -1]], ylim=landscape["b"][[0, -1]])
figure.colorbar(image, ax=plane, label="loss")

first, dt = 0, float(spikes["dt_ms"])
for layer in [name.removesuffix("_units") for name in spikes if name.endswith("_units")]:
    units = spikes[f"{layer}_units"]
    raster.plot(spikes[f"{layer}_times"] * dt, first + units, "|", ms=3, label=layer)
    first += units.max(initial=0) + 2
raster.set(xlabel="time (ms)", ylabel="neuron")
raster.legend(loc="upper right")
figure.savefig(picture, dpi=150)
