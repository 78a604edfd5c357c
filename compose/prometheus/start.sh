#!/bin/sh
# Prometheus expands no variables in its configuration, so the ports of .env reach it as discovery files; then it takes over.
set -eu
for service in "demarc:$DEMARC_PORT" "prometheus:$PROMETHEUS_PORT" "alertmanager:$ALERTMANAGER_PORT"; do
  printf '[{"targets": ["127.0.0.1:%s"]}]\n' "${service#*:}" > "/tmp/${service%%:*}.json"
done
exec /bin/prometheus "$@"
