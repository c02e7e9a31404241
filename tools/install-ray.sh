#!/bin/sh
# Installs Ray for the slow suite of studies on its clusters, and optuna-dashboard for that of exported studies. CONCORD_RAY names another
# program `ray`.
set -eu
sh "$(dirname "$0")/install-python.sh" dashboard "optuna==5.0.0 optuna-dashboard==0.21.0"
[ -n "${CONCORD_RAY:-}" ] && exit 0
sh "$(dirname "$0")/install-python.sh" ray "ray[default]==2.60.0"
