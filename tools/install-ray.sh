#!/bin/sh
# Installs Ray (about 450 MB) for the slow suite of studies on its clusters. CI does not: run it by hand. CONCORD_RAY names another program `ray`.
set -eu
[ -n "${CONCORD_RAY:-}" ] && exit 0
sh "$(dirname "$0")/install-python.sh" ray "ray[default]==2.60.0"
