namespace CniPS.Diagnosis;

/// <summary>The error ids of what kills packets: <c>Cni</c> and the cause's <see cref="Cause.Id"/>. None is ever reused.</summary>
public static class DiagnosisErrorIds
{
    /// <summary>Two on the same network have the same address.</summary>
    /// <remarks>Give one of them another; <c>Repair-CniConnection</c> takes it from one whom no network gave it.</remarks>
    public const string AddressDuplicate = "CniAddressDuplicate";

    /// <summary>An interface lacks an address that it was given.</summary>
    /// <remarks><c>Repair-CniConnection</c> gives it back.</remarks>
    public const string AddressGone = "CniAddressGone";

    /// <summary>An address has another prefix length than it was given.</summary>
    /// <remarks><c>Repair-CniConnection</c> sets it right.</remarks>
    public const string AddressPrefixWrong = "CniAddressPrefixWrong";

    /// <summary>Nobody on the link that the route leads to has the address.</summary>
    /// <remarks>Look at the address and at the route.</remarks>
    public const string AddressUnknown = "CniAddressUnknown";

    /// <summary>The answer goes to somebody else.</summary>
    /// <remarks>Look at the routes of who answers.</remarks>
    public const string AnswerAstray = "CniAnswerAstray";

    /// <summary>Who has an address is told not to answer who asks for it (arp_ignore).</summary>
    /// <remarks><c>Repair-CniConnection</c> has it answer.</remarks>
    public const string ArpIgnored = "CniArpIgnored";

    /// <summary>An interface neither asks for neighbours nor answers (NOARP).</summary>
    /// <remarks>Switch it on: <c>ip link set … arp on</c>.</remarks>
    public const string ArpOff = "CniArpOff";

    /// <summary>A bridge on the way is down.</summary>
    /// <remarks><c>Repair-CniConnection</c> sets it up.</remarks>
    public const string BridgeDown = "CniBridgeDown";

    /// <summary>A connection that the kernel remembers is still sent where an older rule said.</summary>
    /// <remarks><c>Repair-CniConnection</c> has the kernel forget it.</remarks>
    public const string ConnectionStale = "CniConnectionStale";

    /// <summary>A namespace on the way keeps track of as many connections as it may, and takes no new one.</summary>
    /// <remarks><c>Repair-CniConnection</c> lets it have twice as many; or look for who opens so many.</remarks>
    public const string ConntrackFull = "CniConntrackFull";

    /// <summary>The receiver answers no echoes.</summary>
    /// <remarks><c>Repair-CniConnection</c> has it answer.</remarks>
    public const string EchoIgnored = "CniEchoIgnored";

    /// <summary>A bridge has an address written down, or remembered, behind the wrong port.</summary>
    /// <remarks><c>Repair-CniConnection</c> deletes that line.</remarks>
    public const string ForwardingDatabaseWrong = "CniForwardingDatabaseWrong";

    /// <summary>A namespace on the way forwards no packets of that version of IP.</summary>
    /// <remarks><c>Repair-CniConnection</c> switches it on.</remarks>
    public const string ForwardingOff = "CniForwardingOff";

    /// <summary>A namespace on the way forwards packets, but not those that come in by an interface.</summary>
    /// <remarks><c>Repair-CniConnection</c> switches it on.</remarks>
    public const string ForwardingOffOnInterface = "CniForwardingOffOnInterface";

    /// <summary>A container reaches a published port that leads to itself only where its bridge port is in hairpin mode, and that is off.</summary>
    /// <remarks><c>Repair-CniConnection</c> switches it on; <c>"hairpinMode": true</c> keeps it.</remarks>
    public const string HairpinOff = "CniHairpinOff";

    /// <summary>The address on which a port is published is not on the host.</summary>
    /// <remarks>Give the host the address, or publish the port on another one.</remarks>
    public const string HostAddressMissing = "CniHostAddressMissing";

    /// <summary>IPv6 is switched off on an interface that has IPv6 addresses to carry.</summary>
    /// <remarks><c>Repair-CniConnection</c> switches it on.</remarks>
    public const string FamilyDisabled = "CniFamilyDisabled";

    /// <summary>An interface on the way is down.</summary>
    /// <remarks><c>Repair-CniConnection</c> sets it up.</remarks>
    public const string InterfaceDown = "CniInterfaceDown";

    /// <summary>The container's interface is gone.</summary>
    /// <remarks><c>Repair-CniAttachment -Recreate</c> makes it again.</remarks>
    public const string InterfaceGone = "CniInterfaceGone";

    /// <summary>Something listens on the port, but not on the address that is asked.</summary>
    /// <remarks>Have it listen on every address.</remarks>
    public const string ListensElsewhere = "CniListensElsewhere";

    /// <summary>A packet leaves the host under the container's own address, to which there is no way back.</summary>
    /// <remarks><c>Repair-CniConnection</c> masquerades it.</remarks>
    public const string MasqueradeMissing = "CniMasqueradeMissing";

    /// <summary>A link on the way takes shorter packets than the sender sends, and packets may not be taken apart.</summary>
    /// <remarks><c>Repair-CniConnection</c> sets its MTU; or lower the sender's.</remarks>
    public const string MtuTooSmall = "CniMtuTooSmall";

    /// <summary>A name server, asked from inside the sender's namespace, doesn't want to say who a name is.</summary>
    /// <remarks>Look at the server's log, or name another one in the sender's <c>resolv.conf</c>.</remarks>
    public const string NameRefused = "CniNameRefused";

    /// <summary>The sender's <c>resolv.conf</c> names no server.</summary>
    /// <remarks>Name one there, or in the network's <c>dns</c>.</remarks>
    public const string NameServerMissing = "CniNameServerMissing";

    /// <summary>None of the servers that the sender's <c>resolv.conf</c> names answers.</summary>
    /// <remarks>Look whether one runs there, or name another one.</remarks>
    public const string NameServerUnreachable = "CniNameServerUnreachable";

    /// <summary>A name server, asked from inside the sender's namespace, knows no address of a name.</summary>
    /// <remarks>Have the name added where the server has its names from, or mend the name.</remarks>
    public const string NameUnknown = "CniNameUnknown";

    /// <summary>The container's network namespace is gone.</summary>
    /// <remarks>Take away what is left of its attachment with <c>Remove-CniAttachment</c>.</remarks>
    public const string NamespaceGone = "CniNamespaceGone";

    /// <summary>Nobody answers for the next hop's address.</summary>
    /// <remarks>Look for who should have it.</remarks>
    public const string NeighbourFailed = "CniNeighbourFailed";

    /// <summary>A neighbour's link-layer address is written down, and wrong.</summary>
    /// <remarks><c>Repair-CniConnection</c> deletes that line.</remarks>
    public const string NeighbourWrong = "CniNeighbourWrong";

    /// <summary>Nothing listens on the port.</summary>
    /// <remarks>Start what is to listen there.</remarks>
    public const string NotListening = "CniNotListening";

    /// <summary>The other end of a veth is in no namespace that can be found.</summary>
    /// <remarks>Look for its namespace with <c>Resolve-CniInterface</c>.</remarks>
    public const string PeerGone = "CniPeerGone";

    /// <summary>No rule of a chain accepts the packet, and the chain's policy drops it.</summary>
    /// <remarks><c>Repair-CniConnection</c> adds a rule that accepts it to the host's nf_tables.</remarks>
    public const string PolicyDrops = "CniPolicyDrops";

    /// <summary>A bridge's port is not in the state that forwards.</summary>
    /// <remarks><c>Repair-CniConnection</c> sets it where no spanning tree runs; else wait for that.</remarks>
    public const string PortBlocked = "CniPortBlocked";

    /// <summary>Two ports of a bridge are isolated, so that they don't talk to each other.</summary>
    /// <remarks><c>Repair-CniConnection</c> makes one of them a usual port.</remarks>
    public const string PortIsolated = "CniPortIsolated";

    /// <summary>A port of the host should lead to a container, but no rule sends packets there.</summary>
    /// <remarks><c>Repair-CniConnection</c>, or <c>Repair-CniAttachment</c>, makes the rules again.</remarks>
    public const string PortMappingMissing = "CniPortMappingMissing";

    /// <summary>The host's end of a container's veth is in no bridge, where it should be in one.</summary>
    /// <remarks><c>Repair-CniConnection</c> puts it in.</remarks>
    public const string PortNotInBridge = "CniPortNotInBridge";

    /// <summary>A port of the host leads to no container.</summary>
    /// <remarks>Publish it with <c>Add-CniAttachment -PortMapping</c>.</remarks>
    public const string PortNotPublished = "CniPortNotPublished";

    /// <summary>Everything that can be read lets the packet through, but one that was really sent was not answered.</summary>
    /// <remarks>Look at the evidence: the kernel's reason, and the last rule that saw it.</remarks>
    public const string ProbeUnanswered = "CniProbeUnanswered";

    /// <summary>A link is asked for an address that is behind it, and may not answer for others (proxy_arp).</summary>
    /// <remarks><c>Repair-CniConnection</c> switches it on.</remarks>
    public const string ProxyArpOff = "CniProxyArpOff";

    /// <summary>A namespace on the way drops what comes in by another interface than it would answer by (rp_filter).</summary>
    /// <remarks><c>Repair-CniConnection</c> loosens the filter; or mend the routes.</remarks>
    public const string ReversePathFiltered = "CniReversePathFiltered";

    /// <summary>There is no route to the destination.</summary>
    /// <remarks><c>Repair-CniConnection</c> adds the one that the attachment was given.</remarks>
    public const string RouteMissing = "CniRouteMissing";

    /// <summary>A route refuses packets to the destination: a blackhole, or the like.</summary>
    /// <remarks><c>Repair-CniConnection</c> deletes it.</remarks>
    public const string RouteRefuses = "CniRouteRefuses";

    /// <summary>A route leads where the destination is not.</summary>
    /// <remarks><c>Repair-CniConnection</c> puts back the one that the attachment was given.</remarks>
    public const string RouteWrong = "CniRouteWrong";

    /// <summary>Packets go round and round.</summary>
    /// <remarks>Look at the routes of the namespaces that they pass.</remarks>
    public const string RoutingLoop = "CniRoutingLoop";

    /// <summary>A rule of nf_tables or iptables drops the packet or its answer.</summary>
    /// <remarks>Delete or change the rule that the message names; <c>Repair-CniConnection</c> deletes one of the host's nf_tables.</remarks>
    public const string RuleDrops = "CniRuleDrops";

    /// <summary>A rule of the routing policy refuses packets to the destination.</summary>
    /// <remarks><c>Repair-CniConnection</c> deletes it.</remarks>
    public const string RuleRefuses = "CniRuleRefuses";

    /// <summary>A rule of nf_tables or iptables rejects the packet or its answer.</summary>
    /// <remarks>Delete or change the rule that the message names; <c>Repair-CniConnection</c> deletes one of the host's nf_tables.</remarks>
    public const string RuleRejects = "CniRuleRejects";

    /// <summary>A packet comes from an address that the receiver has itself.</summary>
    /// <remarks>Give one of both another address.</remarks>
    public const string SourceIsLocal = "CniSourceIsLocal";

    /// <summary>A packet had no answer, and a link on its way has a queue, or filters of tc(8), that aren't the kernel's own.</summary>
    /// <remarks>Look at it: <c>tc -s qdisc show dev …</c>, <c>tc filter show dev … ingress</c>.</remarks>
    public const string TrafficControlDrops = "CniTrafficControlDrops";

    /// <summary>The address that a packet goes to is of an interface in another VRF than the one by which it comes in.</summary>
    /// <remarks><c>Repair-CniConnection</c> takes out an interface that no network put in.</remarks>
    public const string VrfDiffers = "CniVrfDiffers";

    /// <summary>An attachment's interface is in a VRF that its network put it in none of, so that only those bound to the VRF can use it.</summary>
    /// <remarks><c>Repair-CniConnection</c> takes it out.</remarks>
    public const string VrfUnasked = "CniVrfUnasked";

    /// <summary>Two ports of a bridge are in different VLANs.</summary>
    /// <remarks><c>Repair-CniConnection</c> puts one into the other's.</remarks>
    public const string VlanDiffers = "CniVlanDiffers";

    /// <summary>A bridge's port takes no frames without a VLAN's tag.</summary>
    /// <remarks><c>Repair-CniConnection</c> gives it a VLAN.</remarks>
    public const string VlanMissing = "CniVlanMissing";

    /// <summary>A packet had no answer, and a link on its way has a program of XDP, which sees packets before anything else does.</summary>
    /// <remarks>Take it off: <c>ip link set dev … xdp off</c>.</remarks>
    public const string XdpDrops = "CniXdpDrops";
}
