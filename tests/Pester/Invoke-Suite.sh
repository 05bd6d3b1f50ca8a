#!/bin/sh
# Runs the Pester tests in namespaces of their own, so that nothing of this machine is touched:
#   Invoke-Suite.sh [FILE.Tests.ps1 ...]        all files where none is given
# The last line says what came of it: CNIPS-PESTER {"passed":…,"failed":…,"skipped":…,"failures":[…],"skips":[…]}
# Ends with 0 if nothing failed. The module tested is out/CniPS, or that of CNIPS_MODULE. PowerShell is the one that dotnet build restores into
# out/powershell, with its Pester; CNIPS_PWSH names another, by the path of its pwsh.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
pwsh=${CNIPS_PWSH:-$here/../../out/powershell/pwsh}

if [ "${CNIPS_PESTER_INSIDE:-}" != 1 ]; then
    CNIPS_PESTER_INSIDE=1 exec unshare --net --mount --uts --propagation private "$here/Invoke-Suite.sh" "$@"
fi

umount -R -l /run/netns 2> /dev/null || : # namespaces of others would live as long as this does
mkdir -p /var/lib/cni /etc/cni
mount -t sysfs sysfs /sys
for folder in /run /var/lib/cni /etc/cni; do
    mount -t tmpfs tmpfs "$folder"
done
mkdir -p /run/netns /run/lock /etc/cni/net.d
ip link set lo up
echo node7 > /proc/sys/kernel/hostname
unset CNI_PATH NETCONFPATH CNI_ARGS CAP_ARGS CNI_IFNAME
# Whoever starts pwsh by its name starts the same. What it prints is as wide as the terminal's description says: 80, whichever there is.
PATH=$(dirname "$pwsh"):$PATH NO_COLOR=1 TERM=xterm exec "$pwsh" -NoProfile -NonInteractive -File "$here/Run.ps1" "$@"
