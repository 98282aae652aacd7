#!/bin/sh
# Writes what the insurance sample needs to know of the hub into a folder, once: sample.env and the certificate authority.
# Usage: samples/make-credentials.sh <folder>     where the hub's data folder is, or with COUNTERSIGN_CLI_TOKEN
set -eu
folder=$1
[ -s "$folder/sample.env" ] && exit 0
countersign() { node cli/bin/countersign.mjs "$@" --tenant contoso --json; }
member() { node -p "JSON.parse(require('node:fs').readFileSync(0, 'utf8')).$1"; }

audience=$(countersign app show 'Insurance API' | member appId)
client=$(countersign app show 'Insurance Web' | member appId)
secret=$(countersign app secret add 'Insurance Web' --label compose | member secretText)
cp "${COUNTERSIGN_DATA_FOLDER:-data}/tls/ca.pem" "$folder/ca.pem"
umask 077
printf 'AUDIENCE=%s\nCLIENT_ID=%s\nCLIENT_SECRET=%s\n' "$audience" "$client" "$secret" > "$folder/sample.env.new"
mv "$folder/sample.env.new" "$folder/sample.env"
