// Chinese of what the room hub says.
export const hubFaults: Readonly<Record<string, string>> = {
  "connect to a hub": "连接模型库",
  "download a model": "下载模型",
  "models get": "下载模型",
  "not the address of a hub": "不是模型库的地址",
  "an address such as https://huggingface.co": "形如 https://huggingface.co 的地址",
  "the server redirects to an address that is not protected": "服务器跳转到未加密的地址",
  "the server redirects too often": "服务器跳转次数过多",
  "the server's certificate is not trusted": "服务器证书不受信任",
  "name the file of your organisation's certificate authority in NODE_EXTRA_CA_CERTS":
    "请在 NODE_EXTRA_CA_CERTS 中指定本机构证书颁发机构的文件",
  "check the network; behind a proxy set HTTPS_PROXY, for a mirror set HF_ENDPOINT":
    "请检查网络；若使用代理请设 HTTPS_PROXY，若使用镜像请设 HF_ENDPOINT",
  "stopped before the end": "在完成前停止",
  "run the same command again: it continues the files that were begun": "请再次运行同一命令：会继续未完成的文件",
  "not the name of a revision": "不是有效的版本名",
  "a branch, a tag or a commit": "分支、标签或提交",
  "not the name of a model": "不是模型名称",
  "a name that concord models list shows, hf:org/name, or the address of a model's page":
    "concord models list 显示的名称、hf:机构/名称，或模型页面的网址",
  "concord models list shows models that fit": "concord models list 会列出适用的模型",
  "the model has its weights only in formats that can hold code": "该模型的权重只有可能含代码的格式",
  "the repository holds no model that can be read": "该仓库中没有可读取的模型",
  "look for a revision with safetensors on the model's page, and name it with --revision":
    "请在模型页面查找含 safetensors 的版本，并用 --revision 指定",
  "the model has no such revision": "该模型没有这个版本",
  "leave out --revision for the newest one": "去掉 --revision 即可使用最新版本",
  "the hub has no such model": "模型库中没有这个模型",
  "the server takes no more requests for now": "服务器暂时不再接受请求",
  "wait some minutes and run the same command again; with HF_TOKEN set a hub allows more":
    "请等待几分钟后再次运行同一命令；设置 HF_TOKEN 后可允许更多请求",
  "the server refuses": "服务器拒绝请求",
  "try again later": "请稍后再试",
  "the hub asks for a token": "模型库要求令牌",
  "HF_TOKEN is sent over https only: set HF_ENDPOINT to https":
    "HF_TOKEN 只通过 https 发送：请将 HF_ENDPOINT 设为 https 地址",
  "the hub has no such model, or asks for a token to read it": "模型库中没有这个模型，或读取它需要令牌",
  "check the name; for a model with restricted access set HF_TOKEN": "请检查名称；若模型访问受限，请设置 HF_TOKEN",
  "the hub refuses the token": "模型库拒绝该令牌",
  "set HF_TOKEN to a token that is valid": "请将 HF_TOKEN 设为有效的令牌",
  "the owner of the model has not given access to it": "模型所有者尚未授予访问权限",
  "ask for access on the model's page, with the account of HF_TOKEN": "请用 HF_TOKEN 所属账户在模型页面申请访问",
  "the answer is none of a model hub": "返回的内容不是模型库的答复",
  "a model's commit and files, as the Hugging Face Hub gives them": "模型的提交与文件列表，格式同 Hugging Face Hub",
  "JSON of another kind": "其他结构的 JSON",
  "more than {0} bytes": "超过 {0} 字节",
  "check HF_ENDPOINT": "请检查 HF_ENDPOINT",
  "the file is not the one that the hub describes": "文件与模型库的描述不符",
  "run the same command again; if it stays so, the mirror or the cache holds another file":
    "请再次运行同一命令；若仍如此，则镜像或缓存中的文件不同",
  "the file has not the size that the hub gave": "文件大小与模型库所给的不同",
  "more bytes": "更多字节",
  "the model is not in the cache, and HF_HUB_OFFLINE forbids asking a hub":
    "缓存中没有该模型，且 HF_HUB_OFFLINE 禁止访问模型库",
  "get it on a machine with a network and copy the folder here, or unset HF_HUB_OFFLINE":
    "请在联网的机器上下载后把文件夹复制到此处，或取消 HF_HUB_OFFLINE",
  "the cache of this machine has the model: set HF_HUB_OFFLINE=1 and run the same command again":
    "本机缓存中有该模型：请设 HF_HUB_OFFLINE=1 后再次运行同一命令",
  "the folder is there already, and is not replaced": "文件夹已存在，不会覆盖",
  "remove it, or name another with --to": "请删除它，或用 --to 指定另一个",
  "the disk has no room for the model": "磁盘空间不足以存放该模型",
  "the server does not continue the file": "服务器不能继续传送该文件",
  "the server sends another part of the file": "服务器发送了文件的其他部分",
  "the connection ended before the file": "文件尚未传完，连接已断开",
  "{0} files": "{0} 个文件",
  "{0} bytes free": "{0} 字节可用",
};
