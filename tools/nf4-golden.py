"""Oracle: bitsandbytes' 4-bit NormalFloat of a matrix. nf4-golden.py OUT_FILE; never needed to use or test the product."""
import json, sys, numpy, torch, bitsandbytes as bnb
from bitsandbytes.functional import dequantize_4bit, get_4bit_type, quantize_4bit
from safetensors.torch import save_file

generator = torch.Generator().manual_seed(3)
matrix = torch.randn(24, 50, generator=generator) * torch.rand(24, 1, generator=generator)  # the last block is not full
packed, state = quantize_4bit(matrix, blocksize=64, quant_type="nf4")
save_file({"matrix": matrix, "codes": packed.flatten().contiguous(), "scales": state.absmax.contiguous(), "read": dequantize_4bit(packed, state).contiguous(),
           "values": get_4bit_type("nf4", device="cpu").contiguous()}, sys.argv[1], metadata={"library": f"bitsandbytes {bnb.__version__}, torch {torch.__version__}"})
