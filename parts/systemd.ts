// The exporter as a unit of systemd, locked in as far as it can be and still measure.
import { MEMORY } from '../catalog/limits.ts';
import type { Part } from './part.ts';

const UNIT = `# Needs demarc in /opt/demarc (npm ci && npm run build), a map in /etc/demarc/demarc.yaml, and Node on the system's PATH.
[Unit]
Description=demarc: is it me or is it them
Documentation=http://127.0.0.1:9815
# Not network-online.target: a machine that starts without a line is a case for demarc, not a reason to wait.
After=network.target

[Service]
ExecStart=/usr/bin/env node --max-old-space-size=${MEMORY.heapMiB} /opt/demarc/dist/cli/main.js serve --map /etc/demarc/demarc.yaml --state /var/lib/demarc
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=5
# Whoever took too much memory (70) or stood still (71) is started again; a wrong map (2) will not become right by trying.
RestartPreventExitStatus=2

DynamicUser=yes
StateDirectory=demarc
StateDirectoryMode=0700
UMask=0077

MemoryMax=${MEMORY.baseBytes / 1_048_576}M
TasksMax=64
LimitNOFILE=4096

CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
RemoveIPC=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# AF_NETLINK is how a program learns its own addresses.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute= would stop the compiler of Node.

[Install]
WantedBy=multi-user.target
`;

export const systemd: Part = {
  about: 'the exporter as a hardened unit of systemd',
  files: () => new Map([['demarc.service', UNIT]]),
};
