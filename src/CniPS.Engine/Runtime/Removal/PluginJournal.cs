using System;
using System.IO;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// The journal of one ADD of a plugin program: what it was asked, from before its first change until its answer is written. Runtimes kill plugins
/// that take too long; what is left of such a call is nobody's, and only this tells so. DEL, the same ADD again and GC go by it.
/// </summary>
public sealed class PluginJournal : IDisposable
{
    internal const string Folder = "calls";

    private const uint FileMode = 0x180; // 0600

    private readonly JournalFile _file;
    private readonly Func<byte[]> _firstLines;
    private bool _isAnothers; // what stands in it

    private PluginJournal(JournalFile file, Func<byte[]> firstLines)
    {
        _file = file;
        _firstLines = firstLines;
    }

    /// <summary>
    /// Begins an ADD: waits for another one of the same call, and writes down what is asked, unless a killed one has left the same. It comes before
    /// anything else, the network's lock included: a call that is killed before it has written this is one that nobody knows of.
    /// </summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where it is kept, and where delegates come from.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="request">The call.</param>
    /// <param name="observer">Is told where there is no room for it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where nothing is written down: plugins that leave nothing, or nothing that doesn't tell whose it is; and where there is no room for it.</returns>
    /// <exception cref="CniException">It can't be written, or another one does not end.</exception>
    public static PluginJournal? Begin(
        IHost host, RuntimeOptions options, string type, PluginRequest request, IOperationObserver? observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsKept(type))
        {
            return null;
        }

        JournalFile? file = null;
        try
        {
            file = new Services(host, options, observer).InOwnFolder(Folder, NameOf(type, request), path => JournalFile.Open(path, FileMode, cancellation));
            PluginJournal journal = new(file, () => FirstLines(type, request, options)) { _isAnothers = !file.Leftover.IsEmpty };
            if (!journal._isAnothers)
            {
                file.Write(journal._firstLines());
            }

            return journal;
        }
        catch (LinuxException e) when (e.IsPermission || e.Errno is 28 or 30) // ENOSPC, EROFS
        {
            file?.Dispose();
            observer?.Warn($"{e.Message}: should this call be killed, GC will not know what it left.");
            return null;
        }
        catch (LinuxException e)
        {
            file?.Dispose();
            throw KernelErrors.Wrap(e, type, CniVerb.Add);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Takes away what a killed call had left, and writes this one down in its place. The caller holds the network's lock.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where delegates come from.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="observer">Is told what is taken away.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <exception cref="CniException">It can't be taken away: it stays written down.</exception>
    public void UndoLeftover(IHost host, RuntimeOptions options, string type, IOperationObserver? observer, CancellationToken cancellation)
    {
        if (!_isAnothers)
        {
            return;
        }

        try
        {
            UnfinishedCalls.Undo(new Services(host, options, observer), type, _file.Leftover, cancellation);
            _file.Write(_firstLines());
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e, type, CniVerb.Add);
        }

        _isAnothers = false;
    }

    /// <summary>Forgets, after DEL, that an ADD was killed.</summary>
    /// <param name="options">Where it is kept.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="request">The call.</param>
    public static void Forget(RuntimeOptions options, string type, PluginRequest request)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        if (!IsKept(type))
        {
            return;
        }

        try
        {
            using JournalFile? file = JournalFile.TryOpen(Path.Join(options.CacheFolder, "cnips", Folder, NameOf(type, request)));
            file?.Clear();
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e, type, CniVerb.Delete);
        }
    }

    /// <summary>The call has ended, and left nothing that is not its result's. What a killed one had left stays written down.</summary>
    public void Clear()
    {
        if (!_isAnothers)
        {
            _file.Clear();
        }
    }

    /// <summary>As <see cref="Dispose"/>, at the very end of the process, which closes it.</summary>
    public void EndWithProcess() => _file.EndWithProcess();

    /// <summary>Closes the journal; what was not cleared stays.</summary>
    public void Dispose() => _file.Dispose();

    // What ipam plugins give tells by itself whose it is, and a loopback interface is nobody's.
    private static bool IsKept(string type) => type is not ("host-local" or "cluster" or "static" or "dhcp" or "loopback");

    private static string NameOf(string type, PluginRequest request) =>
        FileNames.Of(request.Configuration.Name ?? "", request.ContainerId, request.InterfaceName, type);

    private static byte[] FirstLines(string type, PluginRequest request, RuntimeOptions options)
    {
        Attachment attachment = new()
        {
            ContainerId = request.ContainerId,
            InterfaceName = request.InterfaceName,
            NetNS = request.NetNS,
            Args = request.Args,
        };
        return
        [
            .. Intent.FirstLine(request.Configuration.Name ?? "", UnfinishedCalls.Own(request.Configuration), attachment, options).Span,
            .. Intent.StartedLine(0, type).Span,
        ];
    }
}
