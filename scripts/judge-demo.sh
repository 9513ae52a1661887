#!/usr/bin/env bash
# Judges DIR/signed.pdf, as the demonstration left it, with poppler's pdfsig (trusting the development root) and qpdf.
# Exit 0 when both signatures are valid, the certificates trusted, the last one covers the whole file and qpdf finds nothing.
set -euo pipefail
dir=${1:?usage: judge-demo.sh DIR}
nss=$(mktemp -d)
trap 'rm -rf "$nss"' EXIT

if command -v certutil >/dev/null; then
  certutil -N -d "sql:$nss" --empty-password
  certutil -A -d "sql:$nss" -n development-root -t C,C,C -i "$dir/root.pem" -a
  pdfsig -nssdir "sql:$nss" "$dir/signed.pdf" | tee "$nss/report"
  [ "$(grep -c 'Certificate Validation: Certificate is Trusted' "$nss/report")" -eq 2 ]
else
  echo "certutil is not here: pdfsig judges the signatures without the root"
  pdfsig -nocert "$dir/signed.pdf" | tee "$nss/report"
fi
[ "$(grep -c 'Signature Validation: Signature is Valid' "$nss/report")" -eq 2 ]
tail -n 12 "$nss/report" | grep -q 'Total document signed'
qpdf --check "$dir/signed.pdf"
