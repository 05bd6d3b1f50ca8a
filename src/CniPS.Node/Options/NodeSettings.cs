using System;
using System.Collections.Generic;
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

    /// <summary>Compares its copy with the store once, says what it has, and ends.</summary>
    internal bool Once { get; init; }
}
