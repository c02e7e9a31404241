# Reference values of images: python make.py (Pillow, Transformers, numpy). Writes expected.json and the files beside it.
import base64, io, json
import numpy as np
import PIL, transformers
from PIL import Image
from transformers import BitImageProcessorPil, CLIPImageProcessorPil, DeiTImageProcessorPil, ViTImageProcessorPil

rng = np.random.default_rng(7)
b64 = lambda a: base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()
def picture(w, h, smooth):
    a = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    if smooth:
        y, x = np.mgrid[0:h, 0:w]
        a = np.stack([x * 255 // max(1, w - 1), y * 255 // max(1, h - 1), (x * y) % 256], -1).astype(np.uint8)
    return a
out = {"made": {"pillow": PIL.__version__, "transformers": transformers.__version__, "numpy": np.__version__}, "resize": [], "processors": []}
for (w, h, smooth), (tw, th) in [((23, 17, False), (9, 11)), ((8, 6, False), (21, 19)), ((40, 5, True), (7, 13)), ((64, 64, False), (3, 5)), ((5, 5, True), (5, 8)), ((9, 14, False), (8, 8)), ((21, 22, False), (13, 13)), ((31, 24, False), (51, 3))]:
    a = picture(w, h, smooth)
    for name in ["NEAREST", "LANCZOS", "BILINEAR", "BICUBIC", "BOX", "HAMMING"]:
        r = np.asarray(Image.fromarray(a).resize((tw, th), getattr(Image.Resampling, name)))
        out["resize"].append({"filter": name.lower(), "from": [w, h], "to": [tw, th], "picture": b64(a), "expected": b64(r)})
cases = [
    (ViTImageProcessorPil, {"size": {"height": 12, "width": 10}}, (23, 17)),
    (ViTImageProcessorPil, {"size": 8, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6], "resample": 3}, (9, 14)),
    (ViTImageProcessorPil, {"do_resize": False, "do_normalize": False}, (6, 5)),
    (CLIPImageProcessorPil, {"size": {"shortest_edge": 11}, "crop_size": {"height": 8, "width": 9}}, (23, 17)),
    (CLIPImageProcessorPil, {"size": {"shortest_edge": 7}, "crop_size": {"height": 12, "width": 12}}, (30, 14)),
    (DeiTImageProcessorPil, {"size": {"height": 13, "width": 13}, "crop_size": {"height": 9, "width": 9}}, (21, 22)),
    (BitImageProcessorPil, {"size": {"shortest_edge": 10}, "crop_size": {"height": 9, "width": 9}}, (15, 33)),
    (ViTImageProcessorPil, {"size": {"height": 6, "width": 6}, "rescale_factor": 0.01, "do_normalize": False}, (7, 9)),
]
for kind, settings, (w, h) in cases:
    a = picture(w, h, False)
    p = kind(**settings)
    v = np.asarray(p(Image.fromarray(a), return_tensors="np")["pixel_values"][0], dtype=np.float32)
    config = {k: x for k, x in json.loads(p.to_json_string()).items()}
    out["processors"].append({"config": config, "settings": settings, "from": [w, h], "picture": b64(a), "shape": list(v.shape), "expected": b64(v)})
files = {}
def save(name, image, **options):
    image.save(name, **options)
    files[name] = {"size": list(image.size), "expected": b64(np.asarray(Image.open(name).convert("RGB")))}
a = picture(9, 7, False)
save("colour.png", Image.fromarray(a))
save("grey.png", Image.fromarray(a[:, :, 0]))
save("alpha.png", Image.fromarray(np.concatenate([a, a[:, :, :1]], -1)))
save("palette.png", Image.fromarray(picture(9, 7, True)).quantize(16))
save("colour.webp", Image.fromarray(a), lossless=True)
save("grey-alpha.png", Image.fromarray(np.stack([a[:, :, 0], a[:, :, 1]], -1), "LA"))
save("one-bit.png", Image.fromarray(a[:, :, 0] > 127))
save("smooth.jpg", Image.fromarray(picture(32, 24, True)), quality=95, subsampling=0)
exif = Image.Exif(); exif[274] = 6
Image.fromarray(picture(32, 24, True)).save("turned.jpg", quality=95, subsampling=0, exif=exif)
from PIL import ImageOps
turned = ImageOps.exif_transpose(Image.open("turned.jpg"))
files["turned.jpg"] = {"size": list(turned.size), "expected": b64(np.asarray(turned.convert("RGB")))}
out["files"] = files
json.dump(out, open("expected.json", "w"), indent=1)
