#!/bin/sh
# Installs Debian's Chromium for `npm run e2e`, where it is missing. Needs root (or sudo) and the Debian archive.
set -eu
[ -x "${CONCORD_CHROMIUM:-/usr/bin/chromium}" ] && exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
chromium --version
