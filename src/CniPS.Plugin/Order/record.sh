#!/bin/bash
# Writes methods.txt, which tells the linker of cnips which methods to put side by side: those that the usual calls of plugins run, in the order of
# their first calls. The kernel maps 64 kB of a program with each page that is read of it; where what is used lies together, a call takes a third less
# memory. Names that are no more are passed over, so it need not be done often: when MemoryTests comes near its limit. Needs gcc, binutils, x86-64, root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" != inside ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    dotnet publish "$here/.." -c Release -o "$work/tool"
    gcc -O2 -o "$work/first-calls" "$here/first-calls.c"
    objdump -t "$work/tool/cnips.dbg" | awk '$3 == "F" && $4 == "__managedcode" { print $1, $NF }' > "$work/symbols"
    unshare --net --mount --propagation private "$here/record.sh" inside "$work"
    awk '!seen[$0]++' "$work/called" > "$here/methods.txt"
    wc -l "$here/methods.txt"
    exit
fi

work=$2
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib/cni
mount -t sysfs sysfs /sys
mkdir -p /run/netns "$work/plugins"
ip netns add one
export CNI_CONTAINERID=one CNI_NETNS=/run/netns/one CNI_PATH=$work/plugins

# call VERB INTERFACE TYPE KEYS: what it prints is the previous result of the next one.
result=
call() {
    ln -sf ../tool/cnips "$work/plugins/$3"
    CNI_COMMAND=$1 CNI_IFNAME=$2 "$work/first-calls" "$work/symbols" "$work/called" "$work/plugins/$3" > "$work/out" \
        <<< "{\"cniVersion\":\"1.1.0\",\"name\":\"net$2\",\"type\":\"$3\"$4${result:+,\"prevResult\":$result}}" || { cat "$work/out"; exit 1; }
    if [ "$1" = ADD ]; then result=$(cat "$work/out"); fi
}

addresses='"ipam":{"type":"host-local","subnet":"10.88.0.0/16","routes":[{"dst":"0.0.0.0/0"}]}'
bridge=",\"bridge\":\"cni0\",\"isGateway\":true,$addresses" masquerade=",\"bridge\":\"cni1\",\"isGateway\":true,\"ipMasq\":true,${addresses/88/89}"
ports=',"capabilities":{"portMappings":true},"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
call ADD eth0 bridge "$bridge"
result= call DEL eth0 bridge "$bridge"
call ADD eth1 bridge "$masquerade"
call ADD eth1 portmap "$ports"
call ADD eth1 firewall ''
call ADD eth1 tuning ',"mtu":1400'
call CHECK eth1 bridge "$masquerade"
call CHECK eth1 portmap "$ports"
call DEL eth1 firewall ''
call DEL eth1 portmap "$ports"
call DEL eth1 bridge "$masquerade"
result=
call ADD lo loopback ''
call DEL lo loopback ''
result=
call ADD eth2 ptp ",\"ipMasq\":true,${addresses/88/90}"
call DEL eth2 ptp ",\"ipMasq\":true,${addresses/88/90}"
result=
call VERSION eth0 bridge ''
call STATUS eth0 bridge "$bridge"
