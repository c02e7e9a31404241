#!/bin/sh
# Installs the Python clients that the slow suites of the server start: Triton's, OpenAI's, Kubernetes' schemas and schemathesis.
# CONCORD_PEER_PYTHON names another Python that has them.
set -eu
sh "$(dirname "$0")/install-python.sh" clients \
  "tritonclient[http,grpc]==2.73.0 openai==3.57.0 schemathesis==4.32.5 kubernetes-validate==1.37.0"
