#!/usr/bin/env bash
# First cluster: three nodes on one machine, containers with addresses that are unique across them, and what happens when etcd or a node is away.
#
# The nodes are network namespaces on one switch; etcd is beside them. All of it lies in namespaces of its own, so that nothing of the machine is
# touched, and nothing is left when the script ends, however it ends. Needs root, etcd (Debian: etcd-server, etcd-client), ping, and cnips and cnipsd,
# in the folder CNIPS or on the path:
#
#     CNIPS=DIR docs/runbooks/first-cluster.sh
set -euo pipefail
if [ -z "${FIRST_CLUSTER:-}" ]; then
    FIRST_CLUSTER=1 exec unshare --net --mount --propagation private "$0" "$@"
fi

PATH="${CNIPS:+$CNIPS:}$PATH:/usr/sbin"
export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=http://10.99.0.1:2379
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/cluster
cd /run/cluster
trap 'kill $(jobs -p) 2>/dev/null || :' EXIT
say() { printf '\n# %s\n' "$*"; }
until_true() { for _ in $(seq 300); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done; echo "not in time: $*" >&2; return 1; }

say 'A switch, with etcd at 10.99.0.1'
ip link set lo up
ip link add switch up type bridge
ip addr add 10.99.0.1/24 dev switch
start_etcd() {
    etcd --data-dir etcd --listen-client-urls $ETCDCTL_ENDPOINTS --advertise-client-urls $ETCDCTL_ENDPOINTS --listen-peer-urls http://10.99.0.1:2380 \
        --initial-advertise-peer-urls http://10.99.0.1:2380 --initial-cluster default=http://10.99.0.1:2380 >etcd.log 2>&1 &
    etcd=$!
    until_true etcdctl endpoint health
}
start_etcd

# A node has a bridge of its own with its cable in it, and the same network configuration as all others. On machines of their own, the folders and
# the socket are the usual ones, and need not be named.
declare -A daemon
start_cnipsd() {
    ip netns exec "$1" cnipsd --endpoints $ETCDCTL_ENDPOINTS --node "$1" --state "$PWD/$1/state" --socket "$PWD/$1/run/cnipsd.sock" --dhcp false --timeout 30 2>>"$1.log" &
    daemon[$1]=$!
    until_true test -S "$1/run/cnipsd.sock"
}
for node in n1 n2 n3; do
    say "Node $node"
    mkdir -p $node/net.d
    ip netns add $node
    ip -n $node link set lo up
    ip -n $node link add cni0 up type bridge
    ip link add $node up master switch type veth peer name cable netns $node
    ip -n $node link set cable up master cni0
    ip -n $node addr add 10.99.0.1${node#n}/24 dev cni0
    cat >$node/net.d/flat.conflist <<END
{"cniVersion": "1.1.0", "name": "flat", "plugins": [{"type": "bridge", "bridge": "cni0", "ipam": {"type": "cluster", "subnet": "10.1.0.0/22",
  "blockSize": 28, "dataDir": "$PWD/$node/networks", "stateDir": "$PWD/$node/state", "daemonSocketPath": "$PWD/$node/run/cnipsd.sock"}}]}
END
    start_cnipsd $node
done

# add NODE CONTAINER: puts a container of a node onto the network, and prints its address
add() {
    ip netns add "$2"
    ip netns exec "$1" cnips add "$PWD/$1/net.d/flat.conflist" "$2" --cache-dir "$PWD/$1/cache" >/dev/null
    ip -n "$2" -o -4 addr show eth0 | awk '{ sub("/.*", "", $4); print $4 }'
}

say 'Two containers on each node: each node has a block of sixteen addresses by then'
for node in n1 n2 n3; do
    first=$(add $node $node-a)
    second=$(add $node $node-b)
    echo "$node: $first $second"
done
etcdctl get --prefix /cnips/owned --keys-only | grep .

say 'They reach each other'
there=$(ip -n n3-b -o -4 addr show eth0 | awk '{ sub("/.*", "", $4); print $4 }')
ip netns exec n1-a ping -c 1 -W 5 "$there" | sed -n 1,2p

say 'etcd is away: nodes go on inside their blocks'
kill $etcd
wait $etcd || :
third=$(add n2 n2-c)
echo "n2: $third"

say 'etcd is there again; a node whose daemon was killed goes on where it was'
start_etcd
kill -9 "${daemon[n3]}"
rm n3/run/cnipsd.sock
start_cnipsd n3
third=$(add n3 n3-c)
echo "n3: $third"

say 'None was given twice'
for container in n{1,2,3}-{a,b,c}; do
    ip -n $container -o -4 addr show eth0 2>/dev/null || :
done | awk '{ print $4 }' | sort | uniq -c | awk '{ total++; if ($1 > 1) twice++ } END { print total + 0 " addresses, " twice + 0 " twice"; exit twice > 0 }'
