#!/bin/sh
# The start of the package: by the Node that was installed with it, whichever this machine has. It stands within the package, or beside it.
set -eu
package=$(readlink -f "$0")
package=${package%/dist/src/cli/start.sh}
for node in "$package/node_modules/node/bin/node" "${package%/*}/node/bin/node"; do
  if [ -x "$node" ]; then exec "$node" "$package/dist/src/cli/main.js" "$@"; fi
done
exec node "$package/dist/src/cli/main.js" "$@"
