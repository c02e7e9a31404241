#!/bin/sh
# Installs PyTorch for the slow suite of `adapt.engine: pytorch`: Debian's package, which is small and for the CPU. Prints nothing where
# CONCORD_PYTHON names another Python, or Debian's has it.
set -eu
[ -n "${CONCORD_PYTHON:-}" ] && exit 0
/usr/bin/python3 -c 'import torch' 2>/dev/null && exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3-torch >/dev/null
