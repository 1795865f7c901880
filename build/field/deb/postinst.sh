#!/bin/sh
# After installation: users, units, udev rules and journal settings to their places. Nothing is started: `jointgate setup` comes first.
set -e
field=/opt/Jointgate/resources/lane/field
install -D -m 0644 "$field/systemd/jointgate.sysusers.conf" /usr/lib/sysusers.d/jointgate.conf
systemd-sysusers jointgate.conf
for unit in jointgate-lane.service jointgate-hub.service jointgate-control@.service; do
  install -D -m 0644 "$field/systemd/$unit" "/usr/lib/systemd/system/$unit"
done
install -D -m 0644 "$field/systemd/jointgate.journald.conf" /usr/lib/systemd/journald.conf.d/jointgate.conf
install -D -m 0644 "$field/udev/70-jointgate.rules" /usr/lib/udev/rules.d/70-jointgate.rules
install -d -m 0755 /etc/jointgate /etc/jointgate-exit /etc/jointgate-entry
# Chromium's sandbox helper for kernels without unprivileged user namespaces.
chown root:root /opt/Jointgate/chrome-sandbox
chmod 4755 /opt/Jointgate/chrome-sandbox
chmod 0755 "$field/bin/jointgate"
ln -sf "$field/bin/jointgate" /usr/bin/jointgate
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  udevadm control --reload || true
fi
