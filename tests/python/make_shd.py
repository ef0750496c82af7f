"""Makes tests/shd: small labelled sets in the layout in which SHD and SSC are published.

    python tests/python/make_shd.py [--sizes FOLDER]

With --sizes it makes sets of the published sizes instead, with random spikes: both numbers of training and test samples
that circulate. Needs h5py and, for the file as PyTables writes it, tables.
"""

import sys
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

SMALL = {
    # the number of samples, the type of the times, and how h5py is to store them
    "float16.h5": (6, "<f2", {}, "earliest"),
    "float32-gzip.h5": (6, "<f4", {"chunks": (4,), "maxshape": (None,), "compression": "gzip"}, "latest"),
    "float64-chunks.h5": (6, "<f8", {"chunks": (2,), "maxshape": (None,)}, "earliest"),
}
SIZES = {"old": (8332, 2088), "published": (8156, 2264)}


def spikes(rng, kind, mean):
    """Times in seconds, rising, and units of one sample."""
    number = rng.poisson(mean)
    times = np.sort(rng.integers(0, 1300, number)) / 1000
    return times.astype(kind), rng.integers(0, 700, number).astype("u2")


def write(path, samples, kind, storage, version, mean, seed):
    rng = np.random.default_rng(seed)
    with h5py.File(path, "w", libver=version) as file:
        group = file.create_group("spikes")
        times = group.create_dataset("times", (samples,), dtype=h5py.vlen_dtype(np.dtype(kind)), **storage)
        units = group.create_dataset("units", (samples,), dtype=h5py.vlen_dtype(np.dtype("u2")), **storage)
        for i in range(samples):
            # a sample without a spike is a sample, too
            times[i], units[i] = spikes(rng, kind, 0 if i == 1 else mean)
        file.create_dataset("labels", data=(np.arange(samples) * 7 % 20).astype("u2"))
        file.create_group("extra").create_dataset("speaker", data=(np.arange(samples) % 12).astype("u2"))


def write_as_pytables(path):
    import tables

    rng = np.random.default_rng(4)
    with tables.open_file(path, "w") as file:
        group = file.create_group("/", "spikes")
        times = file.create_vlarray(group, "times", tables.Float16Atom(), chunkshape=8)
        units = file.create_vlarray(group, "units", tables.UInt16Atom(), chunkshape=8)
        for _ in range(6):
            one = spikes(rng, "f2", 12)
            times.append(one[0])
            units.append(one[1])
        file.create_array("/", "labels", (np.arange(6) * 7 % 20).astype("u2"))


def main(arguments):
    if arguments[:1] == ["--sizes"]:
        folder = Path(arguments[1])
        for name, parts in SIZES.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            for part, samples in zip(("train", "test"), parts):
                write(folder / name / f"shd_{part}.h5", samples, "<f2", {}, "earliest", 60, samples)
        return
    folder = Path(__file__).parent.parent / "shd"
    for seed, (name, (samples, kind, storage, version)) in enumerate(SMALL.items()):
        write(folder / name, samples, kind, storage, version, 12, seed)
    write_as_pytables(folder / "pytables.h5")


main(sys.argv[1:])
