"""GGUF file in Q8_0 of a GPT-2 folder, for llama.cpp. write-gguf.py FOLDER OUT. Needs: pip install gguf safetensors numpy.
Its vocabulary is made up: the bench gives token numbers. Names as llama.cpp's convert_hf_to_gguf.py has them for this architecture."""
import json, sys
import gguf
import numpy as np
from safetensors.numpy import load_file

folder, out = sys.argv[1:3]
config = json.load(open(f"{folder}/config.json"))
weights = {k.removeprefix("transformer."): v for k, v in load_file(f"{folder}/model.safetensors").items()}
width, layers = config["n_embd"], config["n_layer"]
writer = gguf.GGUFWriter(out, "gpt2")
writer.add_block_count(layers)
writer.add_context_length(config["n_positions"])
writer.add_embedding_length(width)
writer.add_feed_forward_length(4 * width)
writer.add_head_count(config["n_head"])
writer.add_layer_norm_eps(config.get("layer_norm_epsilon", 1e-5))
writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
writer.add_tokenizer_model("gpt2")
writer.add_tokenizer_pre("gpt-2")
writer.add_token_list([f"t{i}" for i in range(config["vocab_size"])])
writer.add_token_types([1] * config["vocab_size"])
writer.add_token_merges(["t 0"])
writer.add_eos_token_id(config["vocab_size"] - 1)


def put(name, value, matrix=False):
    value = np.ascontiguousarray(value.astype(np.float32))
    if not matrix:
        return writer.add_tensor(name, value)
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(name, gguf.quantize(value, kind), raw_dtype=kind)


put("token_embd.weight", weights["wte.weight"], True)
put("position_embd.weight", weights["wpe.weight"])
for n in range(layers):
    for ours, theirs in [("ln_1", "attn_norm"), ("ln_2", "ffn_norm")]:
        for part in ["weight", "bias"]:
            put(f"blk.{n}.{theirs}.{part}", weights[f"h.{n}.{ours}.{part}"])
    for ours, theirs in [("attn.c_attn", "attn_qkv"), ("attn.c_proj", "attn_output"), ("mlp.c_fc", "ffn_up"), ("mlp.c_proj", "ffn_down")]:
        put(f"blk.{n}.{theirs}.weight", weights[f"h.{n}.{ours}.weight"].T, True)
        put(f"blk.{n}.{theirs}.bias", weights[f"h.{n}.{ours}.bias"])
for part in ["weight", "bias"]:
    put(f"output_norm.{part}", weights[f"ln_f.{part}"])
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
