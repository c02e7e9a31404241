// A systemd service on one machine: its own user, read-only files, no privileges, restarted when it ends.
import { type Deployment, type DeploymentFiles, memoryMiB, packageFile, serveArguments } from "./target.ts";

/** @param node path of Node on the machine that serves */
export function systemdFiles(deployment: Deployment, node = "/usr/bin/node"): DeploymentFiles {
  const { name } = deployment;
  const folder = `/opt/${name}`;
  const main = `${folder}/node_modules/@concord-ai/concord/dist/src/cli/main.js`;
  return {
    "package.json": packageFile(deployment),
    [`${name}.service`]: `# Copy this folder to ${folder}, run npm install --omit=dev --ignore-scripts there, then
# install -m 644 ${name}.service /etc/systemd/system/ && systemctl enable --now ${name}
[Unit]
Description=Concord model server: ${name}
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
DynamicUser=yes
WorkingDirectory=${folder}
ExecStart=${node} ${main} ${serveArguments(deployment, "127.0.0.1").join(" ")}
Environment=NODE_ENV=production
StateDirectory=${name}
Restart=on-failure
RestartSec=2
KillSignal=SIGTERM
TimeoutStopSec=60
MemoryMax=${memoryMiB(deployment)}M
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
CapabilityBoundingSet=
UMask=0077

[Install]
WantedBy=multi-user.target
`,
  };
}
