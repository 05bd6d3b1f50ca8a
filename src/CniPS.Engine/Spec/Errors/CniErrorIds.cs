namespace CniPS.Spec;

/// <summary>Every error id of the engine. An id is never reused for another meaning.</summary>
public static class CniErrorIds
{
    /// <summary>A text is not JSON. The message says where: file, line and column.</summary>
    /// <remarks>Correct the text there. Frequent causes are a comma after the last value, and a quotation mark that is missing.</remarks>
    public const string InvalidJson = "CniInvalidJson";

    /// <summary>
    /// A network configuration is malformed: a key is missing, or its value has the wrong type or is out of range. CHECK and DEL give it as well
    /// where a plugin needs the result of ADD and there is none.
    /// </summary>
    /// <remarks>Correct the key that is named. <c>New-CniNetwork</c> writes well-formed configurations.</remarks>
    public const string InvalidNetworkConfig = "CniInvalidNetworkConfig";

    /// <summary>There is no network of that name in the configuration folder, or no such file.</summary>
    /// <remarks>
    /// Look at what there is with <c>Get-CniNetwork</c>. Names are case-sensitive. The folder is that of <c>NETCONFPATH</c>, else
    /// <c>/etc/cni/net.d</c>; a file in another place needs a <c>/</c> in its path, as in <c>./mybridge.conf</c>.
    /// </remarks>
    public const string NetworkNotFound = "CniNetworkNotFound";

    /// <summary>A plugin does not speak the configuration's version; the message has the versions that it speaks.</summary>
    /// <remarks>Set "cniVersion" to one of those, or update the plugin.</remarks>
    public const string IncompatibleVersion = "CniIncompatibleVersion";

    /// <summary>
    /// The configuration's version, or the plugin, has no such verb: CHECK exists from version 0.4.0 on, GC and STATUS from 1.1.0 on.
    /// </summary>
    /// <remarks>Raise "cniVersion", after a look at what the plugins speak.</remarks>
    public const string VerbNotSupported = "CniVerbNotSupported";

    /// <summary>A result can't be read, or can't be converted to the version asked for.</summary>
    /// <remarks>Ask for another version. If the result is a plugin's, update the plugin.</remarks>
    public const string InvalidResult = "CniInvalidResult";

    /// <summary>
    /// A container id, network name, interface name or namespace name is none, or is empty. It has reached neither a path nor the kernel.
    /// </summary>
    /// <remarks>
    /// Container ids and network names begin with a letter or digit, and go on with letters, digits, <c>_</c>, <c>.</c> and <c>-</c>. Interface
    /// names have 1 to 15 bytes without <c>/</c>, <c>:</c> and white space. Names of namespaces have 1 to 255 bytes without <c>/</c>.
    /// </remarks>
    public const string InvalidName = "CniInvalidName";

    /// <summary>
    /// <c>CNI_ARGS</c> is not a list of keys and values, or has a key or value that a plugin does not understand; or an address, MAC address or
    /// timeout that was given is none.
    /// </summary>
    /// <remarks>
    /// Correct the value that is named. Keys are case-sensitive. Where only one plugin of the list knows a key, add <c>IgnoreUnknown=1</c>.
    /// </remarks>
    public const string InvalidArgs = "CniInvalidArgs";

    /// <summary>A text is no version of the CNI specification, such as 1.0.0.</summary>
    /// <remarks>Correct "cniVersion" or "cniVersions" in the configuration.</remarks>
    public const string InvalidVersion = "CniInvalidVersion";

    /// <summary>The configuration folder is missing, or holds no configuration.</summary>
    /// <remarks>Put one there (<c>New-CniNetwork -OutFile</c>), or name the folder with <c>NETCONFPATH</c>.</remarks>
    public const string NoNetworkConfigurations = "CniNoNetworkConfigurations";

    /// <summary>A configuration file or folder can't be read.</summary>
    /// <remarks>Look at its permissions.</remarks>
    public const string UnreadableFile = "CniUnreadableFile";

    /// <summary>No address is to be had: all of a range are taken, or the one that was asked for is taken or out of range.</summary>
    /// <remarks>
    /// Remove attachments that are not needed any more (<c>Get-CniAttachment | Where-Object State -eq NamespaceGone | Remove-CniAttachment</c>), or
    /// give the network a larger range.
    /// </remarks>
    public const string AddressUnavailable = "CniAddressUnavailable";

    /// <summary>The container's network namespace is not there, is not a network namespace, or is the host's own.</summary>
    /// <remarks>Look at what there is with <c>Get-CniNamespace</c>, or make one with <c>New-CniNamespace</c>.</remarks>
    public const string InvalidNamespace = "CniInvalidNamespace";

    /// <summary>The container has an interface of that name already, or its loopback interface has addresses of its own.</summary>
    /// <remarks>Choose another interface name, or remove the interface that is there.</remarks>
    public const string InterfaceExists = "CniInterfaceExists";

    /// <summary>Another container has the port of the host. The message says which one, and by what it is known to be there still. Nothing was changed.</summary>
    /// <remarks>Choose another port, or remove the container that has it. The port of one that is proven gone is taken over without being asked.</remarks>
    public const string PortTaken = "CniPortTaken";

    /// <summary>
    /// A link that the network builds on or takes is not there: the <c>master</c> of a macvlan, ipvlan or vlan network, the device of
    /// host-device, the <c>bridge</c> of tap, or the interface that vrf is to move.
    /// </summary>
    /// <remarks>
    /// Look at the links there are (<c>ip link</c>), and correct the network; with host-device another container may have the device.
    /// </remarks>
    public const string LinkNotFound = "CniLinkNotFound";

    /// <summary>What <c>firewall</c> accepts in nf_tables is dropped by iptables all the same: the policy of its FORWARD is DROP, and no rule there accepts.</summary>
    /// <remarks>Use the backend <c>iptables</c>, or let it through: <c>iptables -P FORWARD ACCEPT</c>.</remarks>
    public const string ForwardingDropped = "CniForwardingDropped";

    /// <summary>The bridge's name belongs to another kind of link, or the bridge has another address than the network needs.</summary>
    /// <remarks>Use another bridge name, or correct the subnet; <c>-ForceAddress</c> ("forceAddress") replaces the address.</remarks>
    public const string BridgeConflict = "CniBridgeConflict";

    /// <summary>An interface did not become usable in time: a bridge port does not forward, or somebody else has the address.</summary>
    /// <remarks>Look at the bridge's ports (<c>bridge -d link</c>), and at who else uses the address.</remarks>
    public const string LinkNotReady = "CniLinkNotReady";

    /// <summary>
    /// A key asks for something that a native plugin can't do. It is refused since leaving it out would change who can
    /// talk to whom.
    /// </summary>
    /// <remarks>Use the plugin's program for this network, with <c>-PluginSource Path</c>.</remarks>
    public const string UnsupportedField = "CniUnsupportedField";

    /// <summary>
    /// A plugin's iptables backend was chosen, and iptables (or ip6tables) is missing, or refused a change. The message has its words.
    /// </summary>
    /// <remarks>Install the package iptables, or leave the backend out of the configuration: nftables needs no program.</remarks>
    public const string IptablesFailed = "CniIptablesFailed";

    /// <summary>The program nft, which reads what the native plugin doesn't, is not installed or has refused; the message has nft's own words.</summary>
    /// <remarks>
    /// Install the package nftables, or correct what nft complains of: portmap's conditions. <c>nft -c</c> checks a rule and makes nothing.
    /// </remarks>
    public const string NftFailed = "CniNftFailed";

    /// <summary>
    /// The backend firewalld was chosen, and firewalld doesn't run, or refused a change: it may know no such zone. The message has its words.
    /// </summary>
    /// <remarks>Start firewalld, name a zone that `firewall-cmd --get-zones` lists, or leave `backend` out of the configuration.</remarks>
    public const string FirewalldFailed = "CniFirewalldFailed";

    /// <summary>The kernel wants a privilege that the process does not have, for a change, for a look, or for a file.</summary>
    /// <remarks>Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN; root itself may lack them in a container, or a security module may forbid it.</remarks>
    public const string PrivilegeRequired = "CniPrivilegeRequired";

    /// <summary>The kernel refused a change, or a look. The message has its words, and while a plugin worked also the change, as a command.</summary>
    /// <remarks>
    /// The recommended action, where there is one.
    /// </remarks>
    public const string KernelRefused = "CniKernelRefused";

    /// <summary>
    /// Others held a lock for as long as it was waited for: a minute. The message names the lock, and the processes that hold it. Nothing was
    /// changed, or what was changed has been taken back.
    /// </summary>
    /// <remarks>Let the process that holds it finish, or end it if it hangs; then do this again.</remarks>
    public const string LockHeld = "CniLockHeld";

    /// <summary>There is no room: the disk is full, or its inodes or a quota are used up. What was begun was taken back.</summary>
    /// <remarks>Make room there, or name another folder with <c>-CachePath</c> or <c>dataDir</c>, and do it again.</remarks>
    public const string DiskFull = "CniDiskFull";

    /// <summary>A disk failed to read or write (EIO). What was begun was taken back, as far as that was possible.</summary>
    /// <remarks>Look at the kernel's log (<c>dmesg</c>). Once the disk works, do it again.</remarks>
    public const string DiskFailed = "CniDiskFailed";

    /// <summary>The file system is read-only: nothing was changed.</summary>
    /// <remarks>Name a folder that can be written with <c>-CachePath</c> or <c>dataDir</c>, or have it mounted writable.</remarks>
    public const string ReadOnlyFileSystem = "CniReadOnlyFileSystem";

    /// <summary>The process, or the whole machine, has too many files open. What was begun was taken back.</summary>
    /// <remarks>Raise the limit (<c>ulimit -n</c>), or do less at once; then do it again.</remarks>
    public const string TooManyFiles = "CniTooManyFiles";

    /// <summary>The kernel had no memory for it (ENOMEM, ENOBUFS). What was begun was taken back.</summary>
    /// <remarks>Do it again. If it stays so, see what uses the machine's memory.</remarks>
    public const string OutOfMemory = "CniOutOfMemory";

    /// <summary>
    /// The kernel's answer was lost, so that it was not known whether a change was made. The kernel was asked, and what it had made was taken back;
    /// where that could not be told, the message says so, and the next ADD, DEL or GC cleans up.
    /// </summary>
    /// <remarks>Do it again.</remarks>
    public const string AnswerLost = "CniAnswerLost";

    /// <summary>The kernel was busy with something else (EAGAIN, EINTR): nothing was changed, or it was taken back.</summary>
    /// <remarks>Do it again.</remarks>
    public const string KernelBusy = "CniKernelBusy";

    /// <summary>A file could not be read or written, such as that of <c>-OutFile</c>.</summary>
    /// <remarks>Look at its path, its permissions, and the room on its disk.</remarks>
    public const string FileFailed = "CniFileFailed";

    /// <summary>The daemon that keeps DHCP leases does not run, or what answers at its socket is not ours: the Go plugin's has another protocol.</summary>
    /// <remarks>Start it with <c>cnips dhcp daemon</c> or <c>Start-CniDhcpService</c>, after stopping the other one.</remarks>
    public const string DhcpDaemonUnavailable = "CniDhcpDaemonUnavailable";

    /// <summary>A dhcp daemon can't listen at its socket: another one does, or the kernel refuses.</summary>
    /// <remarks>Stop the other one, or choose another socket, and name it in the networks (<c>"daemonSocketPath"</c>).</remarks>
    public const string DhcpSocketTaken = "CniDhcpSocketTaken";

    /// <summary>
    /// The node's daemon, cnipsd, does not run, or what answers at its socket is something else: so no block of a cluster's addresses can be claimed.
    /// Addresses of blocks that the node has are given out all the same.
    /// </summary>
    /// <remarks>Start it: <c>systemctl start cnipsd</c>. Where it listens elsewhere, name its socket in the network (<c>"daemonSocketPath"</c>).</remarks>
    public const string ClusterDaemonUnavailable = "CniClusterDaemonUnavailable";

    /// <summary>
    /// The cluster's store (etcd) can't be reached or refuses, or was restored just now, and nodes are claiming their blocks again: until then no block
    /// can be claimed. Addresses of blocks that the node has are given out all the same.
    /// </summary>
    /// <remarks>Look at etcd (<c>etcdctl endpoint health</c>), and at the endpoints and certificates that cnipsd is given. Then try again.</remarks>
    public const string ClusterStoreUnavailable = "CniClusterStoreUnavailable";

    /// <summary>
    /// There is no node of that name in the cluster, or it is alive and so can't be removed, or the name is another machine's already.
    /// </summary>
    /// <remarks><c>Get-CniNode</c> shows the nodes. One that is alive is stopped first; another machine gets another name (<c>cnipsd --node</c>).</remarks>
    public const string ClusterNodeRefused = "CniClusterNodeRefused";

    /// <summary>cnipsd can't run on this node: another one does, or the kernel refuses its socket.</summary>
    /// <remarks>Stop the other one; the message says which process it is.</remarks>
    public const string ClusterDaemonRuns = "CniClusterDaemonRuns";

    /// <summary>DEL or GC met several failures; each is an inner exception. Everything else was removed.</summary>
    /// <remarks>Remove the causes, and do it again. What is gone does not matter.</remarks>
    public const string DeleteIncomplete = "CniDeleteIncomplete";

    /// <summary>A warning: a configuration has a key that nobody reads, probably a misspelled one.</summary>
    /// <remarks>Correct it to the key that is named, or leave it out.</remarks>
    public const string UnknownKey = "CniUnknownKey";

    /// <summary>A warning: a configuration names no version of the CNI specification, which means 0.1.0, the oldest.</summary>
    /// <remarks>Add "cniVersion".</remarks>
    public const string VersionNotGiven = "CniVersionNotGiven";

    /// <summary>No plugin of the network takes what was asked for, such as ports (<c>-PortMapping</c>).</summary>
    /// <remarks>Add a plugin to the network that has the capability, and declare it there: <c>"capabilities": { "portMappings": true }</c>.</remarks>
    public const string CapabilityNotDeclared = "CniCapabilityNotDeclared";

    /// <summary>A warning: a configuration declares a capability that the plugin does not have.</summary>
    /// <remarks>Correct its name, or declare it where the plugin that has it is configured.</remarks>
    public const string UnknownCapability = "CniUnknownCapability";

    /// <summary>A gateway, or the gateway of a route, is in none of the network's subnets, so that containers can't reach it.</summary>
    /// <remarks>Correct the gateway or the subnet.</remarks>
    public const string GatewayOutsideSubnet = "CniGatewayOutsideSubnet";

    /// <summary>A subnet is used elsewhere: by another network of the folder, whose file is named, or by a route of the host.</summary>
    /// <remarks>Give the network another subnet.</remarks>
    public const string SubnetCollision = "CniSubnetCollision";

    /// <summary>A warning: two files of a folder have networks of the same name, of which only one is ever used.</summary>
    /// <remarks>Give one of them another name, or remove its file.</remarks>
    public const string NetworkNameTaken = "CniNetworkNameTaken";

    /// <summary>
    /// A file holds another kind of configuration than its name says: <c>.conflist</c> is for lists of plugins, <c>.conf</c> for a single plugin's.
    /// </summary>
    /// <remarks>Rename the file.</remarks>
    public const string MisnamedFile = "CniMisnamedFile";
}
