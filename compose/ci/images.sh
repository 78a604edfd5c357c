#!/usr/bin/env bash
# Stand-ins for the images of the stack, under their real names, for a machine that reaches no image registry. Built from
# the machine's own node and the fetched prometheus and alertmanager, laid out like the real ones where the stack relies
# on it. Only for an engine made for one run (engine.sh): anywhere else they would shadow the real images.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# add PROGRAM ROOT TARGET: a program with the libraries it is linked to.
add() {
  install -D "$1" "$2$3"
  { ldd "$1" 2>/dev/null || true; } | grep -o '/[^ ]*' | sort -u | while read -r library; do
    install -D "$library" "$2$library"
  done
}

# base ROOT: a shell with the usual commands, the users, the certificates, /tmp.
base() {
  mkdir -p "$1"/{bin,usr/bin,etc/ssl/certs}
  install -d -m 1777 "$1/tmp"
  install -D "$(type -P busybox)" "$1/bin/busybox"
  "$1/bin/busybox" --list | grep -vx busybox | while read -r applet; do ln -sf /bin/busybox "$1/bin/$applet"; done
  ln -sf /bin/busybox "$1/usr/bin/env"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$1/etc/group"
  cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
}

# image NAME ROOT LINE...: an image of a root file system and some lines of a Dockerfile.
image() {
  local name=$1 root=$2
  shift 2
  { printf 'FROM scratch\nCOPY . /\n'; printf '%s\n' "$@"; } >"$root.Dockerfile"
  if ! DOCKER_BUILDKIT=0 docker build --tag "$name" --file "$root.Dockerfile" "$root" >"$root.log" 2>&1; then
    cat "$root.log" >&2
    return 1
  fi
  echo "Stand-in image $name"
}

# tool NAME COMMAND: prometheus or alertmanager. Like the real ones they run as nobody, in the folder of their data.
tool() {
  local name=$1 command=$2 root="$work/$2"
  base "$root"
  add "$(node scripts/tools.mjs "$command")" "$root" "/bin/$command"
  mkdir -p "$root/$command"
  # See packages.sh: the real alertmanager has its templates built in, Debian's has not.
  install -D -m 644 -t "$root/usr/share/prometheus/alertmanager" /usr/share/prometheus/alertmanager/*.tmpl
  image "$name" "$root" "RUN chown 65534:65534 /$command" 'USER nobody' "VOLUME /$command" "WORKDIR /$command" \
    "ENTRYPOINT [\"/bin/$command\"]"
}

node_image() {
  local root="$work/node" npm
  base "$root"
  add "$(node --print process.execPath)" "$root" /usr/local/bin/node
  npm=$(dirname "$(dirname "$(readlink -f "$(type -P npm)")")")
  mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/etc" "$root/root"
  cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  # How this machine reaches its package registry; credentials stay behind.
  for key in registry https-proxy proxy noproxy strict-ssl; do
    value=$(npm config get "$key" 2>/dev/null)
    case $value in '' | null | undefined) ;; *) echo "$key=$value" ;; esac
  done >"$root/usr/local/etc/npmrc"
  echo cafile=/etc/ssl/certs/ca-certificates.crt >>"$root/usr/local/etc/npmrc"
  image "$1" "$root" 'ENV PATH=/usr/local/bin:/usr/bin:/bin' 'CMD ["node"]' \
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
}

images=$(docker compose --file compose.yaml config --images)
tool "$(grep ^prom/prometheus: <<<"$images")" prometheus
tool "$(grep ^prom/alertmanager: <<<"$images")" alertmanager
node_image "node:$(sed -n 's/^ARG NODE_TAG=//p' compose/Dockerfile)"
