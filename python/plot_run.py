"""Loads a run and plots it: python plot_run.py RUN PICTURE, where RUN was made by

spikescape train --updates 300 --out RUN
spikescape export RUN/log.toml --view raster -o RUN/raster.npz
spikescape export RUN/log.toml --view landscape --range 0.1 -o RUN/landscape.npz
"""

import csv
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

run, picture = Path(sys.argv[1]), sys.argv[2]
with open(run / "metrics.csv") as file:
    metrics = list(csv.DictReader(file))
raster, plane = np.load(run / "raster.npz"), np.load(run / "landscape.npz")
figure, (curve, land, spikes) = plt.subplots(1, 3, figsize=(12, 3.5), layout="constrained")
curve.plot([int(m["update"]) for m in metrics], [float(m["loss"]) for m in metrics], lw=1)
curve.set(xlabel="update", ylabel="loss")
image = land.pcolormesh(plane["axis"], plane["axis"], plane["loss_grid"].T, cmap="viridis")
land.plot(plane["path_a"], plane["path_b"], "w.-", lw=1, ms=3)
land.set(xlabel="direction 1", ylabel="direction 2", xlim=plane["axis"][[0, -1]], ylim=plane["axis"][[0, -1]])
figure.colorbar(image, ax=land, label="loss")
rows = np.cumsum([0] + [raster["neuron"][raster["layer"] == l].max(initial=0) + 2 for l in range(raster["layer"].max())])
for what, mark, colour in [(0, "|", "k"), (1, "^", "tab:green"), (2, "x", "tab:red"), (4, "o", "none")]:
    chosen = raster["what"] == what
    y = rows[raster["layer"][chosen]] + raster["neuron"][chosen]
    spikes.plot(raster["time_ms"][chosen], y, mark, ms=4, color=colour, mec="tab:blue" if what == 4 else colour)
spikes.set(xlabel="time (ms)", ylabel="neuron", title=f"update {json.loads(bytes(raster['settings']))['update']}")
spikes.invert_yaxis()
figure.savefig(picture, dpi=150)
