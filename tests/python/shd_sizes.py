"""Compares what the program reads of an HDF5 set with what h5py reads.

    python shd_sizes.py SET.h5 SPIKES.npz DT_MS

SPIKES.npz are the input spikes of all samples of the set. Exit code 77 says that h5py is not there.
"""

import sys

try:
    import h5py
    import numpy as np
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

path, spikes, dt = sys.argv[1], np.load(sys.argv[2]), float(sys.argv[3])
times, units, offsets = (spikes[k] for k in ("times", "units", "offsets"))
with h5py.File(path) as file:
    labels = file["labels"][:]
    assert len(labels) == len(offsets) - 1, (len(labels), len(offsets) - 1)
    assert np.array_equal(labels, spikes["labels"])
    for i, (t, u) in enumerate(zip(file["spikes/times"][:], file["spikes/units"][:])):
        # a time that is a whole number of steps but for rounding belongs to that step
        steps = 1000 * t.astype("f8") / dt
        near = np.abs(steps - steps.round()) <= 1e-9 * np.maximum(np.abs(steps.round()), 1)
        wanted = set(zip(np.where(near, steps.round(), np.floor(steps)).astype(int).tolist(), u.tolist()))
        a, b = offsets[i], offsets[i + 1]
        found = list(zip(times[a:b].tolist(), units[a:b].tolist()))
        assert len(found) == len(wanted) and set(found) == wanted, i
print(f"h5py: the same {len(times)} spikes of {len(labels)} samples")
