#!/bin/sh
# Installs Python packages in a folder of their own: install-python.sh NAME PACKAGES. The folder is node_modules/.cache/concord/NAME.
# Needs Python 3.10 or newer and the Python package index. Prints nothing where all is there.
set -eu
cd "$(dirname "$0")/.."
folder=node_modules/.cache/concord/$1
packages=$2
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
