#!/bin/sh
# A MongoDB-wire server for the tests: FerretDB 1.24 on SQLite, on a loopback port, without telemetry.
#   scripts/ferretdb.sh install   builds it into the cache (needs Go); nothing to do when it is there
#   scripts/ferretdb.sh start     installs, starts unless it runs, prints the address for ANSO_TEST_MONGODB_URI
#   scripts/ferretdb.sh stop      stops what start has started and removes its data
# The cache is $ANSO_TEST_CACHE, default ~/.cache/anso-test.
set -eu

version=v1.24.2
cache=${ANSO_TEST_CACHE:-$HOME/.cache/anso-test}
program=$cache/ferretdb-$version
run=$cache/run

say() { echo "ferretdb: $*" >&2; }

# `go install …@version` also asks the proxy for the list of versions, which not every proxy gives; the module alone,
# by its exact version, is enough. The zip holds no version.txt, without which the program refuses to start.
install() {
  [ ! -x "$program" ] || return 0
  command -v go >/dev/null || { say "Go is not installed"; exit 69; }
  say "building $version (a minute or two, once)"
  mkdir -p "$cache"
  source=$(mktemp -d "$cache/source.XXXXXX")
  trap 'rm -rf "$source"' EXIT
  # Outside any module, so that no go.mod above is read.
  module=$(cd "$source" && go mod download -json "github.com/FerretDB/FerretDB@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cp -R "$module/." "$source"
  chmod -R u+w "$source"
  echo "$version" >"$source/build/version/version.txt"
  (cd "$source" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags ferretdb_no_postgresql -o "$program.new" ./cmd/ferretdb) >&2
  mv "$program.new" "$program"
  rm -rf "$source"
  trap - EXIT
}

runs() { [ -f "$run/pid" ] && kill -0 "$(cat "$run/pid")" 2>/dev/null; }

port() { sed -n 's/.*Listening on TCP 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$run/log"; }

stop() {
  if runs; then kill "$(cat "$run/pid")"; fi
  rm -rf "$run"
}

start() {
  install
  if ! runs; then
    rm -rf "$run"
    mkdir -p "$run/data"
    # Port 0: the system chooses one that is free, and the log says which.
    "$program" --handler=sqlite --sqlite-url="file:$run/data/" --state-dir="$run" --listen-addr=127.0.0.1:0 \
      --debug-addr=- --telemetry=disable --log-format=text >"$run/log" 2>&1 </dev/null &
    echo $! >"$run/pid"
  fi
  tries=0
  while [ -z "$(port)" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! runs; then
      say "it did not start:"
      cat "$run/log" >&2
      exit 70
    fi
    sleep 0.1
  done
  echo "mongodb://127.0.0.1:$(port)/"
}

case ${1:-} in
  install) install ;;
  start) start ;;
  stop) stop ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
