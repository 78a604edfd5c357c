#!/bin/sh
# EXAMPLE, to be changed to your needs: points a name at the second path, and back, through the HTTP API of PowerDNS.
# Another provider's API needs another request; its key must not depend on the vendor that fails.
#
#   dns-switch.sh failover | over
#
# Needs curl, and these variables:
#   DNS_API       e.g. http://127.0.0.1:8081/api/v1/servers/localhost
#   DNS_KEY_FILE  holds the API key
#   DNS_ZONE      e.g. example.com
#   DNS_NAME      e.g. blog.example.com
#   FIRST         addresses of the first path, separated by spaces
#   SECOND        the same of the second path
set -eu

case "${1:-}" in
  failover) addresses=$SECOND ;;
  over) addresses=$FIRST ;;
  *) echo 'usage: dns-switch.sh failover | over' >&2; exit 2 ;;
esac

records=''
for address in $addresses; do
  records="$records${records:+,}{\"content\":\"$address\",\"disabled\":false}"
done

# The key goes in by a file, since arguments can be read by everybody on the machine.
printf 'header = "X-API-Key: %s"\n' "$(cat "$DNS_KEY_FILE")" |
  curl --config - --fail --silent --show-error --max-time 20 --retry 2 \
    --request PATCH --header 'content-type: application/json' \
    --data "{\"rrsets\":[{\"name\":\"$DNS_NAME.\",\"type\":\"A\",\"ttl\":60,\"changetype\":\"REPLACE\",\"records\":[$records]}]}" \
    "$DNS_API/zones/$DNS_ZONE."

echo "$DNS_NAME now points at $addresses"
