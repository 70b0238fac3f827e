#!/bin/sh
# Builds the bundle of rules that is decided by: policies/build.sh [FOLDER [FILE]], by default the one that comes with
# Sallyport. OPA names the program; TARGET=rego makes one for a server of OPA. The same rules give the same bytes, so the bundle in the repository can be checked.
set -eu
folder=${1:-policies}
file=${2:-src/gateway/authorize/default-policy.tar.gz}
revision=$(cd "$folder" && find . -type f \( -name '*.rego' -o -name data.json \) ! -name '*_test.rego' |
  LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-12)
cd "$folder"
case $file in /*) ;; *) file=$OLDPWD/$file ;; esac
exec "${OPA:-opa}" build --bundle . --target "${TARGET:-wasm}" --ignore '*_test.rego' --revision "rules-$revision" \
  --entrypoint sallyport/grant/decision --entrypoint sallyport/payload/decision \
  --entrypoint sallyport/action/decision --entrypoint sallyport/content/decision \
  --output "$file"
