#!/usr/bin/env bash
# Installs what the tests need beside Node: a Docker engine, Chromium, a few tools of the network. Debian only, as root.
# Debian 12 has no compose plugin, so a newer Debian's is fetched into .cache/docker; the system does not get it.
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A package_of=(
  [dockerd]=docker.io [docker]=docker.io [chromium]=chromium [busybox]=busybox-static [ip]=iproute2 [ps]=procps
  [dig]=bind9-dnsutils [delv]=bind9-dnsutils [kdig]=knot-dnsutils [curl]=curl [openssl]=openssl
  [vmalert]=victoria-metrics [systemd-analyze]=systemd [zsh]=zsh [fish]=fish [script]=bsdutils
  [upsd]=nut-server [upsc]=nut-client [ping]=iputils-ping
)
apt=(apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)

missing=()
for command in "${!package_of[@]}"; do
  [[ -n $(type -P "$command") ]] || missing+=("${package_of[$command]}")
done
if ((${#missing[@]} > 0)); then
  echo "Installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
fi

plugin=.cache/docker/cli-plugins/docker-compose
# Debian's alertmanager, which scripts/tools.mjs fetches, reads its templates from here and does not start without them.
templates=/usr/share/prometheus/alertmanager
if [[ ! -x $plugin || ! -e $templates/default.tmpl ]]; then
  echo 'Fetching the compose plugin and the templates of alertmanager'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work"/{lists/partial,cache/archives/partial,none}
  # The machine's own mirror, whichever that is; sid is where recent versions live.
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
    awk '$2 !~ /-/ && !found { print $1; found = 1 }')
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sources.list"
  apt+=(
    -o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/none"
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
    -o Acquire::Languages=none -o APT::Sandbox::User=root
  )
  "${apt[@]}" update
  (cd "$work" && "${apt[@]}" download docker-compose prometheus-alertmanager)
  for package in "$work"/*.deb; do dpkg -x "$package" "$work/root"; done
  install -D -m 644 -t "$templates" "$work/root$templates/"*.tmpl
  install -D -m 755 "$work/root/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
fi
