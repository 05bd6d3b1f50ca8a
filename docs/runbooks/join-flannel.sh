#!/usr/bin/env bash
# Joining an existing flannel network: a node that flanneld has made what it is, and two nodes with cnipsd that become part of the same network.
#
# The nodes are network namespaces on one switch; etcd is beside them. All of it lies in namespaces of its own, so that nothing of the machine is
# touched, and nothing is left when the script ends, however it ends. Needs root, etcd (Debian: etcd-server, etcd-client), ping, iproute2, and cnips and
# cnipsd, in the folder CNIPS or on the path:
#
#     CNIPS=DIR docs/runbooks/join-flannel.sh            # by VXLAN; BACKEND=host-gw: by plain routes
set -euo pipefail
if [ -z "${JOIN_FLANNEL:-}" ]; then
    JOIN_FLANNEL=1 exec unshare --net --mount --propagation private "$0" "$@"
fi

PATH="${CNIPS:+$CNIPS:}$PATH:/usr/sbin"
export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=http://10.99.0.1:2379
backend=${BACKEND:-vxlan} prefix=/coreos.com/network
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/cluster
cd /run/cluster
trap 'kill $(jobs -p) 2>/dev/null || :' EXIT
say() { printf '\n# %s\n' "$*"; }
until_true() { for _ in $(seq 300); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done; echo "not in time: $*" >&2; return 1; }
until_false() { for _ in $(seq 300); do if ! "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done; echo "still so: $*" >&2; return 1; }

say 'A switch, with etcd at 10.99.0.1, and the network in it'
ip link set lo up
ip link add switch up type bridge
ip addr add 10.99.0.1/24 dev switch
etcd --data-dir etcd --listen-client-urls $ETCDCTL_ENDPOINTS --advertise-client-urls $ETCDCTL_ENDPOINTS --listen-peer-urls http://10.99.0.1:2380 \
    --initial-advertise-peer-urls http://10.99.0.1:2380 --initial-cluster default=http://10.99.0.1:2380 >etcd.log 2>&1 &
until_true etcdctl endpoint health
etcdctl put $prefix/config "{\"Network\": \"10.5.0.0/16\", \"Backend\": {\"Type\": \"$backend\"}}"

# A node: a cable to the switch, and the configuration for the plugin flannel, which reads what flanneld, or cnipsd, has written. On machines of their own
# the files are the usual ones, and need not be named.
for node in n1 n2 n3; do
    mkdir -p $node/net.d $node/flannel
    ip netns add $node
    ip -n $node link set lo up
    ip link add $node up master switch type veth peer name eth0 netns $node
    ip -n $node link set eth0 up
    ip -n $node addr add 10.99.0.1${node#n}/24 dev eth0
    ip -n $node route add default via 10.99.0.1
    cat >$node/net.d/flannel.conflist <<END
{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "flannel", "subnetFile": "$PWD/$node/flannel/subnet.env", "dataDir": "$PWD/$node/data",
  "ipam": {"dataDir": "$PWD/$node/networks"}, "delegate": {"isDefaultGateway": true}}]}
END
done

say 'n1 is a node of flannel, with what flanneld has put into etcd, its kernel and its file'
if [ $backend = vxlan ]; then
    ip -n n1 link add flannel.1 mtu 1450 address 76:8b:ca:35:c2:34 type vxlan id 1 local 10.99.0.11 dev eth0 dstport 8472 nolearning
    ip -n n1 addr add 10.5.34.0/32 dev flannel.1
    ip -n n1 link set flannel.1 up
    data='"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"76:8b:ca:35:c2:34"}' mtu=1450
else
    data='"BackendType":"host-gw"' mtu=1500
fi
etcdctl put --lease="$(etcdctl lease grant 86400 | awk '{print $2}')" $prefix/subnets/10.5.34.0-24 "{\"PublicIP\":\"10.99.0.11\",\"PublicIPv6\":null,$data}"
printf 'FLANNEL_NETWORK=10.5.0.0/16\nFLANNEL_SUBNET=10.5.34.1/24\nFLANNEL_MTU=%s\nFLANNEL_IPMASQ=false\n' $mtu >n1/flannel/subnet.env

# meet: what flanneld on n1 does when another node has joined, of what that one has put into etcd
meet() {
    local subnet=${1##*/} value; value=$(etcdctl get --print-value-only "$1")
    local address=${subnet%-*} public; public=$(sed -E 's/.*"PublicIP":"([^"]+)".*/\1/' <<<"$value")
    if [ $backend = vxlan ]; then
        local mac; mac=$(sed -E 's/.*"VtepMAC":"([^"]+)".*/\1/' <<<"$value")
        ip -n n1 neigh replace "$address" lladdr "$mac" dev flannel.1 nud permanent
        bridge -n n1 fdb replace "$mac" dev flannel.1 dst "$public"
        ip -n n1 route replace "$address/24" via "$address" dev flannel.1 onlink
    else
        ip -n n1 route replace "$address/24" via "$public" dev eth0
    fi
}

options() { echo --endpoints $ETCDCTL_ENDPOINTS --node "$1" --state "$PWD/$1/state" --socket "$PWD/$1/run/cnipsd.sock" --dhcp false --timeout 30 \
    --flannel $prefix --subnetfile "$PWD/$1/flannel/subnet.env"; }

say 'What cnipsd would do on n2: nothing is changed'
# shellcheck disable=SC2046
ip netns exec n2 cnipsd $(options n2) --plan

declare -A daemon
for node in n2 n3; do
    say "Node $node joins: cnipsd in the place of flanneld"
    # shellcheck disable=SC2046
    ip netns exec $node cnipsd $(options $node) 2>>$node.log &
    daemon[$node]=$!
    until_true test -s $node/flannel/subnet.env
    cat $node/flannel/subnet.env
done
for key in $(etcdctl get --prefix $prefix/subnets/ --keys-only | grep .); do
    echo "$key $(etcdctl get --print-value-only "$key")"
    case $key in */10.5.34.0-24) ;; *) meet "$key" ;; esac
done

# add NODE CONTAINER: puts a container of a node onto the network, and prints its address
add() {
    ip netns add "$2"
    ip netns exec "$1" cnips add "$PWD/$1/net.d/flannel.conflist" "$2" --cache-dir "$PWD/$1/cache" >/dev/null
    ip -n "$2" -o -4 addr show eth0 | awk '{ sub("/.*", "", $4); print $4 }'
}
reach() { ip netns exec "$1" ping -c 1 -W 5 "$2" | sed -n 2p; }
say 'A container on each, and they reach each other'
first=$(add n1 n1-a) second=$(add n2 n2-a) third=$(add n3 n3-a)
echo "n1: $first  n2: $second  n3: $third"
subnet3=${third%.*}.0/24
until_true ip -n n2 route get "$third" from "$second" iif cni0
reach n2-a "$first"
reach n2-a "$third"
reach n1-a "$third"

routed() { ip -n n2 route show "$subnet3" | grep -q .; }
say 'Somebody deletes a route on n2: it comes back'
ip -n n2 route del "$subnet3"
until_true routed
ip -n n2 route show "$subnet3"

say 'cnipsd on n2 is killed: packets go on; started again, it is where it was'
kill -9 "${daemon[n2]}"
reach n2-a "$third"
rm n2/run/cnipsd.sock
# shellcheck disable=SC2046
ip netns exec n2 cnipsd $(options n2) 2>>n2.log &
until_true grep -q 'as it was' n2.log

say 'n3 leaves: its cnipsd is stopped, and its key deleted (or a day goes by); the others have no way to it any more'
kill "${daemon[n3]}"
wait "${daemon[n3]}" || :
etcdctl del "$prefix/subnets/${third%.*}.0-24"
until_false routed
ip -n n2 route
reach n2-a "$first"
