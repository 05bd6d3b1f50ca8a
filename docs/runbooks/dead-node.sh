#!/usr/bin/env bash
# A dead node: its blocks are nobody's to give until somebody who knows that it is gone says so. How that is seen, said, and what happens if it was alive after all.
#
# The nodes are network namespaces on one switch; etcd is beside them. All of it lies in namespaces of its own, so that nothing of the machine is
# touched, and nothing is left when the script ends, however it ends. Needs root, etcd (Debian: etcd-server, etcd-client), python3, and cnips and cnipsd,
# in the folder CNIPS or on the path:
#
#     CNIPS=DIR docs/runbooks/dead-node.sh
#
# On machines of their own: Get-CniNode, and Remove-CniNode n2.
set -euo pipefail
if [ -z "${DEAD_NODE:-}" ]; then
    DEAD_NODE=1 exec unshare --net --mount --propagation private "$0" "$@"
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
etcd --data-dir etcd --listen-client-urls $ETCDCTL_ENDPOINTS --advertise-client-urls $ETCDCTL_ENDPOINTS --listen-peer-urls http://10.99.0.1:2380 \
    --initial-advertise-peer-urls http://10.99.0.1:2380 --initial-cluster default=http://10.99.0.1:2380 >etcd.log 2>&1 &
until_true etcdctl endpoint health

start_cnipsd() {
    ip netns exec "$1" cnipsd --endpoints $ETCDCTL_ENDPOINTS --node "$1" --state "$PWD/$1/state" --socket "$PWD/$1/run/cnipsd.sock" --dhcp false --spare false \
        --timeout 30 2>>"$1.log" &
    daemon=$!
    until_true test -S "$1/run/cnipsd.sock"
}
for node in n1 n2; do
    say "Node $node: of a network with four blocks of eight addresses"
    mkdir -p $node/net.d
    ip netns add $node
    ip -n $node link set lo up
    ip -n $node link add cni0 up type bridge
    ip link add $node up master switch type veth peer name cable netns $node
    ip -n $node link set cable up master cni0
    ip -n $node addr add 10.99.0.1${node#n}/24 dev cni0
    cat >$node/net.d/flat.conflist <<END
{"cniVersion": "1.1.0", "name": "flat", "plugins": [{"type": "bridge", "bridge": "cni0", "ipam": {"type": "cluster", "subnet": "10.1.0.0/27",
  "blockSize": 29, "dataDir": "$PWD/$node/networks", "stateDir": "$PWD/$node/state", "daemonSocketPath": "$PWD/$node/run/cnipsd.sock"}}]}
END
    start_cnipsd $node
done

# add NODE CONTAINER: puts a container of a node onto the network, and prints its address
add() {
    ip netns add "$2" 2>/dev/null || :
    ip netns exec "$1" cnips add "$PWD/$1/net.d/flat.conflist" "$2" --cache-dir "$PWD/$1/cache" >/dev/null
    ip -n "$2" -o -4 addr show eth0 | awk '{ sub("/.*", "", $4); print $4 }'
}
# ask NODE QUESTION: asks a node's cnipsd, as Get-CniNode and Remove-CniNode do
ask() {
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall((sys.argv[2] + "\n").encode()); print(s.makefile().readline().strip())' "$1/run/cnipsd.sock" "$2"
}

say 'n2 has a container; then n2 is gone without a word'
second=$(add n2 n2-a)
echo "n2: $second"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null || :
ip link set n2 down

say 'n1 takes all that there is: what n2 had stays'
for i in $(seq 40); do
    if ! address=$(add n1 "n1-$i" 2>error); then break; fi
    echo "n1: $address"
done
grep '^cnips' -A 1 error

say 'Who is there? Half a minute after its last word, n2 is not alive any more'
gone() { ask n1 '{"cnips":1,"command":"NODES"}' | grep -q '"node":"n2","alive":false'; }
until_true gone
ask n1 '{"cnips":1,"command":"NODES"}'

say 'That alone proves nothing: its cable may be cut, and its containers run. Who knows that it is switched off takes its blocks back'
ask n1 '{"cnips":1,"command":"REMOVE","node":"n2"}'
more=$(add n1 n1-more)
echo "n1: $more"

say 'It was alive after all: n2 says what it has lost, and gives out no more of it'
ip link set n2 up
rm n2/run/cnipsd.sock
start_cnipsd n2
until_true grep -q CONFLICT n2.log
grep CONFLICT n2.log

say 'Its old containers go; the block that is lost is forgotten after the last of them, and what is free it may have'
ip netns exec n2 cnips del "$PWD/n2/net.d/flat.conflist" n2-a --cache-dir "$PWD/n2/cache"
kill "$daemon"
wait "$daemon" || :
start_cnipsd n2
until_true grep -q forgotten n2.log
grep forgotten n2.log
