#!/bin/sh
# EXAMPLE, to be changed to your needs: takes a service out of a tunnel and puts it on an address of your own, and back.
# It opens the direct way first, waits until the service answers there, and only then moves the name.
#
#   tunnel-to-direct.sh failover | over
#
# Needs curl, what dns-switch.sh needs, and these variables:
#   OPEN_DIRECT   command that opens the direct way, e.g. 'docker compose up -d caddy'
#   CLOSE_DIRECT  command that closes it
#   DIRECT_URL    where the service answers then, by address
set -eu
here=$(dirname "$0")

case "${1:-}" in
  failover)
    sh -c "$OPEN_DIRECT"
    tries=0
    # Nobody is sent to a way that does not work.
    until curl --fail --silent --output /dev/null --max-time 3 --header "Host: $DNS_NAME" "$DIRECT_URL"; do
      tries=$((tries + 1))
      if [ "$tries" -ge 10 ]; then echo "$DIRECT_URL does not answer: nothing was moved" >&2; exit 1; fi
      sleep 1
    done
    "$here/dns-switch.sh" failover
    ;;
  over)
    # The name first, so that nobody meets a closed door.
    "$here/dns-switch.sh" over
    sh -c "$CLOSE_DIRECT"
    ;;
  *) echo 'usage: tunnel-to-direct.sh failover | over' >&2; exit 2 ;;
esac
