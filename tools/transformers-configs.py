"""Oracle: the full configurations that Transformers writes for the covered architectures, and ids of tokenizer folders in older layouts.
transformers-configs.py OUT_FOLDER [SITE_PACKAGES] writes configs-VERSION.json and, with Transformers 4, layouts.json; never needed to use or
test the product."""
import json, os, sys, tempfile
if len(sys.argv) > 2: sys.path.insert(0, sys.argv[2])
os.environ["HF_HUB_OFFLINE"] = "1"
import transformers
from transformers import AutoTokenizer

out, major = sys.argv[1], transformers.__version__.split(".")[0]
types = {"bert": "Bert", "camembert": "Camembert", "distilbert": "DistilBert", "ernie": "Ernie", "gpt2": "GPT2", "llama": "Llama",
         "roberta": "Roberta", "vit": "ViT", "xlm-roberta": "XLMRoberta"}
dumps = {k: getattr(transformers, f"{c}Config")().to_dict() for k, c in types.items()}
json.dump({"versions": f"transformers {transformers.__version__}", "configs": dumps}, open(f"{out}/configs-{major}.json", "w"), default=str)
if major != "4": sys.exit()  # 5.24 forgets that <mask> takes the space before it

words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Hello", "hello", "World", "world", "cafe", "café", "Café", "##s", "患", "者", "患者", "##者", "A", "a", ",", "<s>", "</s>", "[E1]"]
base = "\n".join(words) + "\n"
letters = [chr(c) for c in list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))]
bytes_ = letters + [chr(256 + i) for i in range(68)]
merges = ["#version: 0.2", "h e", "l l", "he ll", "hell o", "Ġ hello", "o r"]
merged = ["he", "ll", "hell", "hello", "Ġhello", "or"]
roberta = {t: i for i, t in enumerate(["<s>", "<pad>", "</s>", "<unk>"] + bytes_ + merged + ["<mask>"])}
gpt2 = {t: i for i, t in enumerate(bytes_ + merged + ["<|endoftext|>"])}
bpe = lambda vocab: {"vocab.json": json.dumps(vocab), "merges.txt": "\n".join(merges) + "\n"}
texts = ["Hello World", "hello worlds, Café", "患者A", "a [E1] hello [MASK]", "a <mask> hello", " hello  hello<|endoftext|>or"]
cases = {
    "uncased by default": {"vocab.txt": base, "config.json": {"model_type": "bert"}},
    "cased": {"vocab.txt": base, "tokenizer_config.json": {"do_lower_case": False}},
    "accents kept": {"vocab.txt": base, "tokenizer_config.json": {"do_lower_case": True, "strip_accents": False}},
    "accents stripped, cased": {"vocab.txt": base, "tokenizer_config.json": {"do_lower_case": False, "strip_accents": True}},
    "ideographs in words": {"vocab.txt": base, "tokenizer_config.json": {"tokenize_chinese_chars": False}},
    "class and tokens named": {"vocab.txt": base, "tokenizer_config.json": {"tokenizer_class": "DistilBertTokenizer", "cls_token": "<s>", "sep_token": "</s>"}},
    "roles in the map": {"vocab.txt": base, "tokenizer_config.json": {"do_lower_case": False}, "special_tokens_map.json": {"cls_token": "<s>", "sep_token": {"content": "</s>"}}},
    "added tokens": {"vocab.txt": base, "tokenizer_config.json": {"do_lower_case": False}, "special_tokens_map.json": {"additional_special_tokens": ["[E1]"]}},
    "RoBERTa before 2021": {**bpe(roberta), "config.json": {"model_type": "roberta"}},
    "RoBERTa with a space in front": {**bpe(roberta), "config.json": {"model_type": "roberta"}, "tokenizer_config.json": {"add_prefix_space": True}},
    "GPT-2 before 2021": {**bpe(gpt2), "config.json": {"model_type": "gpt2"}},
}
seen = []
for name, files in cases.items():
    with tempfile.TemporaryDirectory() as d:
        for f, content in {"config.json": {"model_type": "bert"}, **files}.items():
            open(f"{d}/{f}", "w", encoding="utf-8").write(content if isinstance(content, str) else json.dumps(content))
        t = AutoTokenizer.from_pretrained(d)
        pair = t("Hello", "hello").input_ids
        seen.append({"name": name, "files": {f: c if isinstance(c, str) else json.dumps(c) for f, c in files.items()}, "texts": [[x, t(x).input_ids] for x in texts], "pair": pair})
json.dump({"versions": f"transformers {transformers.__version__}", "cases": seen}, open(f"{out}/layouts.json", "w"))
