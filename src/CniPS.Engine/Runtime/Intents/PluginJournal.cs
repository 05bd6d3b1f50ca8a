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

    private PluginJournal(JournalFile file) => _file = file;

    /// <summary>Begins an ADD: waits for another one of the same call, takes away what a killed one left, and writes down what is asked.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where it is kept, and where delegates come from.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="request">The call.</param>
    /// <param name="observer">Is told what is taken away.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where nothing is written down: plugins that leave nothing, or nothing that doesn't tell whose it is; and where there is no room for it.</returns>
    /// <exception cref="CniException">What a killed one left can't be taken away, or another one does not end.</exception>
    public static PluginJournal? Begin(
        IHost host, RuntimeOptions options, string type, PluginRequest request, IOperationObserver? observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsKept(type))
        {
            return null;
        }

        Services services = new(host, options, observer);
        JournalFile? file = null;
        try
        {
            file = services.InOwnFolder(Folder, NameOf(type, request), path => JournalFile.Open(path, FileMode, cancellation));
            UnfinishedCalls.Undo(services, type, file.Leftover, cancellation);
            file.Clear();
            file.Write(FirstLines(type, request, options));
            return new PluginJournal(file);
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

    /// <summary>The call has ended, and left nothing that is not its result's.</summary>
    public void Clear() => _file.Clear();

    /// <summary>Closes the journal; what was not cleared stays.</summary>
    public void Dispose() => _file.Dispose();

    // What ipam plugins give tells by itself whose it is, and a loopback interface is nobody's.
    private static bool IsKept(string type) => type is not ("host-local" or "static" or "dhcp" or "loopback");

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
