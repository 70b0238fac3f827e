#!/bin/sh
# Turns the system into the sandbox's root: two accounts, compiled modules; no package manager, no setuid program,
# nothing of the building machine.
set -eu
python=/usr/bin/python3

# Two accounts that own nothing in the image: the supervisor's and the one user code runs as.
echo 'supervisor:x:1000:1000:supervisor:/tmp:/usr/sbin/nologin' >> /etc/passwd
echo 'user:x:1001:1001:user code:/tmp:/usr/sbin/nologin' >> /etc/passwd
echo 'supervisor:x:1000:' >> /etc/group
echo 'user:x:1001:' >> /etc/group

mkdir -p /mnt/data /opt/sallyport
dpkg-query -W -f '${Package} ${Version}\n' > /opt/sallyport/system-packages.txt

# As with the shelf: a read-only root cannot keep what Python compiles later.
standard=$(echo /usr/lib/python3.[0-9]*)
find $standard /usr/lib/python3 -type d -name __pycache__ -prune -exec rm -rf {} +
$python -m compileall -q --invalidation-mode unchecked-hash $standard /usr/lib/python3

rm -rf /build-host /etc/ssl/certs/ca-certificates.crt
rm -rf /etc/apt /usr/lib/apt /usr/libexec/dpkg /usr/share/dpkg /usr/lib/dpkg /etc/dpkg /var/lib/apt /var/lib/dpkg /var/cache/* /var/log/*
rm -f /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/dpkg* /usr/bin/deb-systemd-* /usr/sbin/start-stop-daemon
rm -f /usr/bin/perl* /usr/bin/pip* /usr/sbin/update-rc.d /usr/sbin/invoke-rc.d
rm -rf /usr/lib/*-linux-gnu/perl-base /usr/share/perl5 /usr/share/python-wheels "$standard"/ensurepip
rm -rf /usr/share/doc /usr/share/man /usr/share/info /usr/share/lintian /usr/share/bug /usr/share/bash-completion /usr/share/debconf
find / -xdev -type f -perm /6000 -exec chmod ug-s {} +
rm -rf /root/.[!.]* /var/tmp/* 
find /tmp -mindepth 1 -delete 2>/dev/null || true

for program in apt apt-get dpkg pip pip3 perl; do
  if command -v "$program" > /dev/null; then echo "$program is still there" >&2; exit 1; fi
done
if $python -c 'import pip' 2> /dev/null; then echo 'pip is still there' >&2; exit 1; fi
test -z "$(find / -xdev -type f -perm /6000)"
