#!/bin/sh
# Installs the Python clients that the slow suites of the server start: Triton's, OpenAI's, Kubernetes' schemas and schemathesis, in a folder
# of their own. Needs Python 3.10 or newer and the Python package index. Prints nothing where all is there. CONCORD_PEER_PYTHON names
# another Python that has them.
set -eu
cd "$(dirname "$0")/.."
folder=node_modules/.cache/concord/clients
packages="tritonclient[http,grpc]==2.73.0 openai==3.57.0 schemathesis==4.32.5 kubernetes-validate==1.37.0"
[ "$(cat "$folder/packages" 2>/dev/null || true)" = "$packages" ] && exit 0
if ! python3 -c 'import ensurepip' 2>/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
rm -rf "$folder"
python3 -m venv "$folder"
# shellcheck disable=SC2086 # a list of packages
"$folder/bin/pip" install --quiet --disable-pip-version-check $packages
echo "$packages" > "$folder/packages"
