#!/bin/sh
# Installs onnxsim, which differentiates ONNX graphs: the slow suite compares its gradients with ours. CONCORD_ONNXSIM names another Python
# that has it.
set -eu
[ -n "${CONCORD_ONNXSIM:-}" ] && exit 0
sh "$(dirname "$0")/install-python.sh" onnxsim "onnxsim==0.8.1 onnx==1.23.2 onnxruntime==1.32.0"
