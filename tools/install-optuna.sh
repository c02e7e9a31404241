#!/bin/sh
# Installs Optuna and its dashboard, which open the studies that concord writes. CONCORD_OPTUNA names another Python that has them.
set -eu
[ -n "${CONCORD_OPTUNA:-}" ] && exit 0
sh "$(dirname "$0")/install-python.sh" optuna "optuna==5.0.0 optuna-dashboard==0.21.0 pandas"
