# Functions for scripts in a sandbox: Debian's containerd on this node alone, with the plugins of $PLUGINS. Needs busybox (static), runc, ctr.
node=/run/containerd-$$
mkdir -p $node/root $node/state /etc/cni/net.d
mount -t tmpfs tmpfs /etc/cni/net.d
# ctr looks for plugins here first
mount -t tmpfs tmpfs /opt
mkdir /opt/cni
ln -s ${PLUGINS:-$CNIPS} /opt/cni/bin
export CONTAINERD_ADDRESS=$node/socket CONTAINERD_NAMESPACE=node CONTAINERD_SNAPSHOTTER=native
image=registry.example/busy:1

# The control groups as the machine has them: version 1 where its controllers are mounted so, else version 2.
mount -t tmpfs tmpfs /sys/fs/cgroup
if awk '$1 == "memory" && $2 > 0 {found = 1} END {exit !found}' /proc/cgroups; then
    # A line of it: number:controllers, or number:name=hierarchy:path; number 0 is version 2.
    for hierarchy in $(sed -n '/^0:/! s/^[0-9]*:\([^:]*\):.*/\1/p' /proc/self/cgroup); do
        mkdir /sys/fs/cgroup/${hierarchy#name=}
        mount -t cgroup -o $(echo $hierarchy | sed 's/^name=/none,&/') cgroup /sys/fs/cgroup/${hierarchy#name=}
    done
else
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi

cat > $node/config.toml <<END
version = 2
root = "$node/root"
state = "$node/state"
required_plugins = ["io.containerd.snapshotter.v1.native"]
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$CONTAINERD_ADDRESS"
END

containerd_up() {
    # no child of the script, which waits for its own
    containerd=$(containerd -c $node/config.toml >> $node/log 2>&1 & echo $!)
    for try in $(seq 100); do ctr version > /dev/null 2>&1 && return; sleep 0.1; done
    cat $node/log >&2
    return 1
}

# What outlives a script would outlive the tests: containers, their shims, containerd.
containerd_down() {
    for task in $(ctr task ls -q); do ctr task kill -s 9 $task || true; done
    for try in $(seq 50); do ctr task ls | grep -q RUNNING || break; sleep 0.1; done
    kill $containerd || true
    for try in $(seq 50); do kill -0 $containerd 2> /dev/null || break; sleep 0.1; done
    pkill -9 -f "shim.*$node/" || true
}

# image_of FOLDER: an OCI image of one layer, the folder
image_of() {
    oci=$node/oci
    mkdir -p $oci/blobs/sha256
    tar -C $1 -cf $oci/layer .
    layer=$(blob $oci/layer)
    printf '{"architecture":"%s","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' $(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/') ${layer%,*} > $oci/config
    config=$(blob $oci/config)
    printf '{"schemaVersion":2,"config":%s,"layers":[%s]}' "$(described image.config.v1+json $config)" "$(described image.layer.v1.tar $layer)" > $oci/manifest
    manifest=$(blob $oci/manifest)
    printf '{"schemaVersion":2,"manifests":[%s]}' "$(described image.manifest.v1+json $manifest | sed "s|}$|,\"annotations\":{\"io.containerd.image.name\":\"$image\"}}|")" > $oci/index.json
    echo '{"imageLayoutVersion":"1.0.0"}' > $oci/oci-layout
    tar -C $oci -cf $node/image.tar .
}

# blob FILE: moves it to its place by content, and gives digest and size
blob() {
    digest=$(sha256sum $1 | cut -d' ' -f1) size=$(stat -c %s $1)
    mv $1 $oci/blobs/sha256/$digest
    echo "sha256:$digest,$size"
}

# described TYPE DIGEST,SIZE: an OCI descriptor
described() {
    printf '{"mediaType":"application/vnd.oci.%s","digest":"%s","size":%s}' $1 ${2%,*} ${2#*,}
}

# start NAME COMMAND...: a container that goes on; ctr gives its network back never
start() {
    name=$1; shift
    ctr run -d --cni $image $name "$@" > /dev/null
}

# once NAME COMMAND...: a container that is put on the network, runs the command and is taken off again
once() {
    name=$1; shift
    ctr run --rm --cni $image $name "$@"
}

# inside NAME COMMAND...
inside() {
    name=$1; shift
    ctr task exec --exec-id x$$-$(date +%N) $name "$@"
}

# serve NAME: a container that serves its own name
serve() {
    start $1 /bin/busybox sh -c "echo $1 > /tmp/index.html; exec /bin/busybox httpd -f -p 80 -h /tmp"
}

# remove NAME: kills a container hard, and waits until its namespace is gone
remove() {
    ctr task kill -s 9 $1
    for try in $(seq 50); do ctr task rm $1 > /dev/null 2>&1 && break; sleep 0.1; done
    ctr container rm $1
}

# id_of NAME: what CNI is told
id_of() { echo $CONTAINERD_NAMESPACE-$1; }

# leases: how many addresses are given out
leases() { echo "leases $(find /var/lib/cni/networks /run/cni-ipam-state -type f ! -path '*/.cnips/*' -name '*[.:]*' ! -name 'last_reserved*' 2> /dev/null | wc -l)"; }

mkdir -p $node/busy/bin $node/busy/tmp
cp $(command -v busybox) $node/busy/bin/busybox
image_of $node/busy
down="containerd_down; ${down:-}"
trap 'eval "$down"' EXIT
containerd_up
ctr images import --snapshotter native $node/image.tar > /dev/null
