"""What the real Python tensorboard reads from our event file: `npx tsx tools/write-events.ts && python tools/tensorboard-reading.py`.
Writes test/golden/tracking/tensorboard.json, which test/tracking/events.test.ts compares without Python."""
import json, os, sys, tempfile
import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

name = "test/golden/tracking/events.out.tfevents.0.concord"
accumulator = EventAccumulator(os.path.dirname(name), size_guidance={"scalars": 0})
accumulator.Reload()
scalars = {
    tag: [[e.step, e.value, e.wall_time] for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]
}
broken = 0
with open(name, "rb") as file:
    whole = file.read()
for at in (0, 9, 20, len(whole) // 2, len(whole) - 1):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events.out.tfevents.0.broken")
        changed = bytearray(whole)
        changed[at] ^= 1
        with open(path, "wb") as file:
            file.write(changed)
        try:
            read = len(list(RawEventFileLoader(path).Load()))
        except Exception:
            read = -1
        broken += read < len(list(RawEventFileLoader(name).Load()))
result = {
    "provenance": f"tensorboard {tensorboard.__version__}, Python {sys.version.split()[0]}, tools/tensorboard-reading.py",
    "scalars": scalars,
    "changedBytesNoticed": [broken, 5],
}
with open("test/golden/tracking/tensorboard.json", "w") as file:
    json.dump(result, file)
    file.write("\n")
print({tag: len(values) for tag, values in scalars.items()}, broken)
