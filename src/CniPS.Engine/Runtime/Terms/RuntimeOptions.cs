using System;
using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>
/// How the runtime works: its folders and plugins, and its temperament. <see cref="Default"/> is ours; <see cref="Libcni"/> does exactly
/// as libcni does.
/// </summary>
public sealed record RuntimeOptions
{
    /// <summary>Ten minutes: what kubelet, containerd and podman wait for a plugin at most is less.</summary>
    public static TimeSpan DefaultPatience => TimeSpan.FromMinutes(10);

    /// <summary>Ours.</summary>
    public static RuntimeOptions Default { get; } = new();

    /// <summary>As libcni.</summary>
    public static RuntimeOptions Libcni { get; } = new()
    {
        Rollback = false,
        ContinueDelete = false,
        KeepUnknownFields = false,
        SetAsideCorruptCache = false,
        Locks = false,
        RefuseExisting = false,
        UseCachedConfiguration = false,
        Intents = false,
        LookFirst = false,
        CollectDifferences = false,
        ConvertResults = false,
        HideCniVariables = false,
        SeparateResults = false,
        CollectAlways = false,
        ProveGone = false,
        LibcniMessages = true,
    };

    /// <summary>Results are kept in <c>results/</c> below it, which libcni shares; what is ours alone in <c>cnips/</c>.</summary>
    public string CacheFolder { get; init; } = CnitoolDefaults.CacheFolder;

    /// <summary>Where plugin programs are looked for, in this order (CNI_PATH).</summary>
    public IReadOnlyList<string> PluginPath { get; init; } = [];

    /// <summary>Native plugins or programs.</summary>
    public PluginSource PluginSource { get; init; }

    /// <summary>The backend of rules for networks that name none; null: each plugin's own default.</summary>
    public RuleBackend? Backend { get; init; }

    /// <summary>How long one call of a plugin program may take; null: for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The environment that programs inherit; null: this process's own.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Environment { get; init; }

    /// <summary>
    /// The trace that calls belong to, passed on to programs as TRACEPARENT, TRACESTATE and BAGGAGE. Null: the activity under way
    /// (<see cref="System.Diagnostics.Activity.Current"/>); where there is none, what the environment has.
    /// </summary>
    public TraceContext? TraceContext { get; init; }

    /// <summary>Whether native plugins may be asked to attach the host's own network namespace (CNI_NETNS_OVERRIDE).</summary>
    public bool AllowHostNamespace { get; init; }

    /// <summary>Whether a failed ADD is undone.</summary>
    public bool Rollback { get; init; } = true;

    /// <summary>Whether DEL goes on past plugins that fail, and reports all of them.</summary>
    public bool ContinueDelete { get; init; } = true;

    /// <summary>Whether fields of results that the specification doesn't know are kept.</summary>
    public bool KeepUnknownFields { get; init; } = true;

    /// <summary>Whether a result that can't be read is moved to <c>cnips/corrupt/</c>, instead of being deleted.</summary>
    public bool SetAsideCorruptCache { get; init; } = true;

    /// <summary>Whether operations on one attachment wait for each other, and GC for all those of its network.</summary>
    public bool Locks { get; init; } = true;

    /// <summary>Whether ADD refuses an attachment that is cached and alive, and deletes one that is cached and dead.</summary>
    public bool RefuseExisting { get; init; } = true;

    /// <summary>Whether DEL takes from the cache what it is not given: the configuration, the namespace, arguments.</summary>
    public bool UseCachedConfiguration { get; init; } = true;

    /// <summary>Whether ADD writes down what it is about to do, so that what is left by a killed process can be cleaned up.</summary>
    public bool Intents { get; init; } = true;

    /// <summary>Whether names, versions and plugins are looked at before the first plugin runs.</summary>
    public bool LookFirst { get; init; } = true;

    /// <summary>Whether CHECK goes on past the first difference and returns all, instead of throwing the first.</summary>
    public bool CollectDifferences { get; init; } = true;

    /// <summary>Whether results are converted to the network's version when a plugin answers in another.</summary>
    public bool ConvertResults { get; init; } = true;

    /// <summary>Whether programs are kept from the CNI_* variables of this process that are not part of their call.</summary>
    public bool HideCniVariables { get; init; } = true;

    /// <summary>
    /// Whether two attachments each keep their result though libcni's file name is the same for both (<c>a-b</c>, <c>c</c> and <c>a</c>,
    /// <c>b-c</c>), or too long for a file; else the later one overwrites the former's.
    /// </summary>
    public bool SeparateResults { get; init; } = true;

    /// <summary>
    /// Whether GC asks native plugins whatever the network's version is, and removes the shared things that its attachments made and nobody
    /// uses; else plugins are asked from version 1.1.0 on.
    /// </summary>
    public bool CollectAlways { get; init; } = true;

    /// <summary>
    /// Whether GC removes only what is proven gone (<see cref="LivenessJudge"/>), and of what no cache knows only what is older than
    /// <see cref="Patience"/>; else whatever the list of valid attachments doesn't have.
    /// </summary>
    public bool ProveGone { get; init; } = true;

    /// <summary>How long any runtime may take for an ADD: what is younger, and in no cache, is left alone by GC.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>Whether errors say neither more nor less than libcni's do.</summary>
    public bool LibcniMessages { get; init; }
}
