#!/usr/bin/env bash
# A Docker engine of its own for one run: `engine.sh start FOLDER` and `engine.sh stop FOLDER`.
# Socket, images, containers and pid file live in FOLDER, so that nothing Docker has here is seen or changed. What stays
# behind on the machine is the bridge docker0 and its firewall rules.
set -euo pipefail

usage='usage: engine.sh start|stop FOLDER'
action=${1:?$usage} folder=${2:?$usage}
export DOCKER_HOST="unix://$folder/docker.sock"

start() {
  mkdir -p "$folder"
  # No storage driver is named: dockerd takes overlay2 where the file system can, and vfs where it cannot.
  dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
    >"$folder/log" 2>&1 </dev/null &
  local engine=$!
  for ((tries = 0; tries < 120; tries++)); do
    if docker info >/dev/null 2>&1; then return; fi
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.5
  done
  echo 'The Docker engine did not start:' >&2
  tail -n 30 "$folder/log" >&2
  return 1
}

stop() {
  [[ -s $folder/pid ]] || return 0
  local engine containers
  engine=$(<"$folder/pid")
  mapfile -t containers < <(docker ps --all --quiet 2>/dev/null)
  if ((${#containers[@]} > 0)); then docker rm --force --volumes "${containers[@]}" >/dev/null; fi
  kill "$engine" 2>/dev/null || true
  for ((tries = 0; tries < 60; tries++)); do
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.5
  done
  kill -KILL "$engine" 2>/dev/null || true
  # The engine leaves the name of the host's network behind as a mount, and after a crash its layers.
  awk -v inside="$folder/" 'index($2, inside) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mount; do
    umount --lazy "$mount"
  done
}

case $action in
  start) start ;;
  stop) stop ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac
