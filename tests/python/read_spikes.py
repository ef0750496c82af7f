"""Reads what `spikescape spikes` wrote with the programs it is for, and compares all of it with the table.

    python read_spikes.py FOLDER

FOLDER holds all.csv, all.npz, all.dense.npz, all.nir.npz (every layer of one sample) and output.txt, output.dat,
output.gdf (its output). Packages that are not there are named and passed over; exit code 77 says that none was there.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no numpy")
    sys.exit(77)

folder = Path(sys.argv[1])
with open(folder / "all.csv") as file:
    rows = list(csv.DictReader(file))
events = np.load(folder / "all.npz")
DT = float(events["dt_ms"])
dense = np.load(folder / "all.dense.npz")
STEPS = dense["output"].shape[1]
output = sorted((int(r["step"]), int(r["neuron"])) for r in rows if r["layer"] == "output")
assert output, "a run whose output is silent compares nothing"


def numpy():
    for layer in sorted({r["layer"] for r in rows}):
        wanted = sorted((int(r["step"]), int(r["neuron"])) for r in rows if r["layer"] == layer)
        found = zip(events[f"{layer}_times"].tolist(), events[f"{layer}_units"].tolist())
        assert sorted(found) == wanted, layer
        assert events[f"{layer}_offsets"].tolist() == [0, len(wanted)], layer
        assert [tuple(place) for place in np.argwhere(dense[layer][0]).tolist()] == wanted, layer
        assert dense[layer].sum() == len(wanted), layer
    times = [float(r["time_ms"]) for r in rows]
    assert np.allclose(times, [int(r["step"]) * DT for r in rows], rtol=1e-12), "times are steps of dt"


def pyspike():
    import pyspike

    trains = pyspike.load_spike_trains_from_txt(folder / "output.txt", edges=(0, STEPS * DT), ignore_empty_lines=False)
    counts = Counter(unit for _, unit in output)
    assert [len(t.spikes) for t in trains] == [counts[u] for u in range(dense["output"].shape[2])]
    for unit, train in enumerate(trains):
        assert np.allclose(train.spikes, [step * DT for step, u in output if u == unit])
    if len(trains) > 1:
        assert 0 <= pyspike.spike_distance(trains) <= 1


def nest():
    lines = [line.split() for line in open(folder / "output.dat") if not line.startswith("#")]
    assert lines[0] == ["sender", "time_ms"]
    assert sorted((round(float(t) / DT), int(s) - 1) for s, t in lines[1:]) == output


def elephant():
    import elephant.conversion
    import elephant.statistics
    import quantities as pq
    from neo.io import NestIO

    stop = STEPS * DT * pq.ms
    reader = NestIO(filenames=str(folder / "output.gdf"))
    segment = reader.read_segment(gid_list=[], t_start=0 * pq.ms, t_stop=stop, id_column_gdf=0, time_column_gdf=1)
    trains = segment.spiketrains
    assert sum(len(train) for train in trains) == len(output)
    binned = elephant.conversion.BinnedSpikeTrain(trains, bin_size=DT * pq.ms, t_start=0 * pq.ms, t_stop=stop)
    fired = sorted({unit for _, unit in output})
    assert np.array_equal(binned.to_bool_array(), dense["output"][0].T[fired].astype(bool))
    rate = elephant.statistics.mean_firing_rate(trains[0], t_start=0 * pq.ms, t_stop=stop)
    assert np.isclose(float(rate.rescale("1/ms")), len(trains[0]) / (STEPS * DT))


def nir():
    import nir.data_ir

    arrays = np.load(folder / "all.nir.npz")
    nodes = {}
    for name in (key.removesuffix(".spikes.idx") for key in arrays if key.endswith(".idx")):
        field = lambda what: arrays[f"{name}.spikes.{what}"]
        data = nir.data_ir.EventData(field("idx"), field("time"), int(field("n_neurons")), float(field("t_max")))
        nodes[name] = nir.data_ir.NIRNodeData({"spikes": data})
    graph = nir.data_ir.NIRGraphData(nodes)
    assert set(graph.nodes) == set(k for k in dense if k not in ("dt_ms", "samples", "labels", "settings"))
    for name, node in graph.nodes.items():
        gridded = node.observables["spikes"].to_time_gridded(float(arrays["dt"]))
        assert np.array_equal(gridded.data, dense[name].astype(bool)), name


missing = 0
checks = [numpy, pyspike, nest, elephant, nir]
for check in checks:
    try:
        check()
        print(f"{check.__name__}: the same {len(output)} output spikes")
    except ImportError as e:
        missing += 1
        print(f"skipped {check.__name__}: {e}")
sys.exit(77 if missing and "--all" in sys.argv else 0)
