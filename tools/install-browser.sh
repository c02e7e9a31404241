#!/bin/sh
# Installs what `npm run e2e` needs and a machine may lack: Debian's Chromium, which carries a software GPU, and the Vulkan loader
# through which the native runtime finds it. Needs root (or sudo) and the Debian archive.
set -eu
missing=""
[ -x "${CONCORD_CHROMIUM:-/usr/bin/chromium}" ] || missing="chromium"
ldconfig -p | grep -q 'libvulkan\.so\.1' || missing="$missing libvulkan1"
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
chromium --version
