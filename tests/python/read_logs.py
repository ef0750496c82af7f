"""Reads event files with TensorBoard's own reader, and JSON lines; both must say what metrics.csv says.

    python read_logs.py RUN

RUN holds metrics.csv, run.jsonl and the folder tensorboard. Exit code 77 says that TensorBoard is not there.
"""

import csv
import json
import sys
from pathlib import Path

run = Path(sys.argv[1])
with open(run / "metrics.csv") as file:
    rows = list(csv.DictReader(file))
lines = [json.loads(line) for line in open(run / "run.jsonl")]
assert lines[0]["program"].startswith("spikescape ") and "digest" in lines[-1]["end"]
updates = [line for line in lines[1:] if "spikes_total" in line and "epoch" not in line]
assert len(updates) == len(rows) > 0
for row, line in zip(rows, updates):
    for key in ("update", "loss", "spikes_total", "shifted", "created", "removed", "target_distance", "learning_rate"):
        assert float(row[key]) == line[key], (key, row, line)
    assert [int(row[k]) for k in row if k.startswith("spikes_") and k != "spikes_total"] == line["spikes"]
print(f"JSON lines: the same {len(updates)} updates")

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

reader = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "tensors": 0})
reader.Reload()
tags = {"train/loss": "loss", "train/target_distance": "target_distance", "spikes/total": "spikes_total"}
tags |= {f"changes/{change}": change for change in ("shifted", "created", "removed")}
for tag, key in tags.items():
    events = reader.Scalars(tag)
    assert [e.step for e in events] == [int(row["update"]) for row in rows], tag
    for event, row in zip(events, rows):
        value = float(row[key])
        assert abs(event.value - value) <= 1e-6 * abs(value), (tag, event, value)
    assert all(a.wall_time <= b.wall_time for a, b in zip(events, events[1:]))
text = reader.Tensors("settings/text_summary" if "settings/text_summary" in reader.Tags()["tensors"] else "settings")
assert b"[network]" in text[0].tensor_proto.string_val[0]
epochs = [line for line in lines if "epoch" in line]
if epochs:
    found = [e.value for e in reader.Scalars("validation/accuracy_first")]
    wanted = [line["valid_accuracy_first"] for line in epochs]
    assert len(found) == len(wanted) and all(abs(a - b) < 1e-6 for a, b in zip(found, wanted)), (found, wanted)
print(f"TensorBoard: {len(reader.Tags()['scalars'])} curves of {len(rows)} updates, {len(epochs)} epochs, the settings as text")
