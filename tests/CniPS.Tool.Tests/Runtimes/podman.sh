# Functions for scripts in a sandbox: Debian's podman on this node alone, with storage, settings and networks of its own, and the plugins of
# $CNIPS. Needs busybox (static), crun, conmon.
[ $(stat -f -c %T /sys/fs/cgroup) != sysfs ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir net.d
cat > net.d/10-podnet.conflist <<END
{"cniVersion":"0.4.0","name":"podnet","plugins":[
 {"type":"bridge","bridge":"cni-podman0","isGateway":true,"ipMasq":true,"hairpinMode":true,
  "ipam":{"type":"host-local","routes":[{"dst":"0.0.0.0/0"}],"ranges":[[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}]]}},
 {"type":"portmap","capabilities":{"portMappings":true}},
 {"type":"firewall","backend":""},
 {"type":"tuning"}]}
END
cat > containers.conf <<END
[containers]
cgroups="disabled"
cgroupns="host"
ipcns="host"
netns="bridge"
log_driver="k8s-file"
default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
[engine]
cgroup_manager="cgroupfs"
events_logger="none"
runtime="crun"
[network]
network_backend="cni"
cni_plugin_dirs=["$CNIPS"]
network_config_dir="$PWD/net.d"
default_network="podnet"
END
cat > storage.conf <<END
[storage]
driver="vfs"
runroot="$PWD/store/run"
graphroot="$PWD/store/graph"
END
export CONTAINERS_CONF=$PWD/containers.conf CONTAINERS_STORAGE_CONF=$PWD/storage.conf
podman info --format '{{.Host.NetworkBackend}}' 2>/dev/null | grep -qx cni || { echo no-cni; exit 0; }
# What outlives a script would outlive the tests: whatever runs here is taken away at its end.
down="podman rm -f -t 0 -a > /dev/null 2>&1 || true; ${down:-}"
trap 'rm -f collecting; eval "$down"' EXIT
mkdir -p rootfs/bin rootfs/etc rootfs/tmp; cp $(command -v busybox) rootfs/bin/busybox
tar -C rootfs -c . | podman import -q - busy > /dev/null
# run NAME [OPTION...]: a container that serves its own name
run() {
    name=$1; shift
    podman run -d --name $name "$@" busy /bin/busybox sh -c "echo $name > /tmp/index.html; exec /bin/busybox httpd -f -p 80 -h /tmp" > /dev/null
}
# fetch URL: what is served there, once the server is up
fetch() {
    for try in 1 2 3 4 5 6 7 8 9 10; do timeout 3 busybox wget -qO- $1 2>/dev/null && return; sleep 0.2; done
    echo "nothing at $1"
}
