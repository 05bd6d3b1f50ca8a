using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Plugins.Ipam;

namespace CniPS.Node.Options;

/// <summary>What cnipsd works with.</summary>
internal sealed record NodeSettings
{
    /// <summary>The store's members, as URLs: <c>https://10.0.0.1:2379</c>.</summary>
    internal IReadOnlyList<Uri> Endpoints { get; init; } = [new("http://127.0.0.1:2379")];

    /// <summary>What the keys of the cluster begin with.</summary>
    internal string Prefix { get; init; } = "/cnips";

    /// <summary>The certificate of who signed the members' certificates (PEM file); null: the machine's own list.</summary>
    internal string? Authority { get; init; }

    /// <summary>The node's own certificate and key (PEM files); null: none is shown.</summary>
    internal string? Certificate { get; init; }

    /// <inheritdoc cref="Certificate"/>
    internal string? Key { get; init; }

    /// <summary>The store's user; null: none.</summary>
    internal string? User { get; init; }

    /// <summary>The user's password.</summary>
    internal string? Password { get; init; }

    /// <summary>The node's name.</summary>
    internal string Node { get; init; } = Environment.MachineName;

    /// <summary>Where the plugins ask.</summary>
    internal string Socket { get; init; } = ClusterDaemon.DefaultSocket;

    /// <summary>The folder with the node's own copy of its blocks.</summary>
    internal string StateFolder { get; init; } = NodeBlocks.DefaultFolder;

    /// <summary>How long the store is waited for at each member.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After a restored store was noticed: how long nobody claims new blocks, so that all nodes can claim theirs again.</summary>
    internal TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a block without any address in use is kept before it is given back; zero: until it is given back by name.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the next block is claimed ahead when the last one has few free addresses, and one is kept when none is in use.</summary>
    internal bool Spares { get; init; } = true;

    /// <summary>Whether it keeps leases for the plugin dhcp.</summary>
    internal bool KeepsLeases { get; init; } = true;

    /// <summary>Where that plugin asks.</summary>
    internal string DhcpSocket { get; init; } = DhcpDaemon.DefaultSocket;

    /// <summary>What the keys of flannel's network begin with that the node takes part in; null for none.</summary>
    internal string? Flannel { get; init; }

    /// <summary>The link that leads to the other nodes; null for that of the default route.</summary>
    internal string? Uplink { get; init; }

    /// <summary>By which addresses other nodes reach this one; of a family that isn't among them, by the uplink's first one.</summary>
    internal IReadOnlyList<IPAddress> PublicAddresses { get; init; } = [];

    /// <summary>What the plugin flannel reads.</summary>
    internal string SubnetFile { get; init; } = "/run/flannel/subnet.env";

    /// <summary>Whether it masquerades what leaves flannel's network, so that plugins don't.</summary>
    internal bool Masquerades { get; init; }

    /// <summary>Says what it would change for flannel's network, and ends.</summary>
    internal bool Plan { get; init; }

    /// <summary>Compares its copy with the store once, says what it has, and ends.</summary>
    internal bool Once { get; init; }
}
