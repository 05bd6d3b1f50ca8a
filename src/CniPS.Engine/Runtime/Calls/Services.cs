using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>What every operation works with.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Options">How.</param>
/// <param name="Observer">Is told each step; null if nobody wants to know.</param>
internal sealed record Services(IHost Host, RuntimeOptions Options, IOperationObserver? Observer)
{
    private const uint FolderMode = 0x1C0; // 0700

    /// <summary>The results.</summary>
    internal ResultCache Cache { get; } = new(Host, Options);

    /// <summary>A folder of our own, beside libcni's.</summary>
    internal string OwnFolder(string name) => Path.Join(Options.CacheFolder, "cnips", name);

    /// <summary>Opens something in a folder of our own, which is made where it is missing; housekeeping that nobody is told of.</summary>
    internal T InOwnFolder<T>(string folder, string file, Func<string, T> open)
    {
        string path = OwnFolder(folder);
        try
        {
            StateFolder.Require(path);
            return open(Path.Join(path, file));
        }
        catch (LinuxException e) when (e.IsNotFound)
        {
            StateFolder.RefuseLink(Path.GetDirectoryName(path)!);
            StateFolder.Make(path, FolderMode);
            return open(Path.Join(path, file));
        }
    }

    /// <summary>Makes a folder where it is missing; as libcni, for its owner only.</summary>
    internal void MakeFolder(string path)
    {
        if (!Host.FileExists(path))
        {
            Apply(new Transaction(Host, Observer), new FolderCreate(path, FolderMode));
        }
    }

    /// <summary>Makes a change to a file.</summary>
    /// <exception cref="Spec.CniException">The kernel refused.</exception>
    internal static void Apply(Transaction transaction, params IReadOnlyList<Change> changes)
    {
        try
        {
            transaction.Apply(changes);
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            throw KernelErrors.Wrap(e);
        }
    }

    /// <summary>A call's surroundings.</summary>
    internal PluginContext Context(
        Transaction transaction,
        PluginInvoker invoker,
        CancellationToken cancellation,
        bool onlyOwn = false,
        IAttachmentRegister? attachments = null,
        IAttachmentJudge? judge = null) => new()
    {
        Host = Host,
        Transaction = transaction,
        Plugins = invoker,
        Observer = Observer,
        Cancellation = cancellation,
        RollsBack = Options.Rollback,
        AskBackend = () => Options.Backend,
        AskJudge = () => new HolderJudge(Host, Options),
        OnlyOwn = onlyOwn,
        Attachments = attachments,
        Judge = judge,
    };
}
