using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Runs plugins by their type: natively, or as programs found on the request's path, as the options choose.</summary>
public sealed class PluginInvoker : IPluginInvoker
{
    /// <summary>How long a program may take that undoes something, where nothing else was said.</summary>
    private static readonly TimeSpan s_undoTimeout = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private readonly RuntimeOptions _options;
    private readonly IOperationObserver? _observer;

    /// <summary>Makes an invoker.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Which plugins to take, and how to run programs.</param>
    /// <param name="observer">Is told each call.</param>
    public PluginInvoker(IHost host, RuntimeOptions options, IOperationObserver? observer = null)
    {
        _host = host;
        _options = options;
        _observer = observer;
    }

    /// <summary>Told a program's type before its ADD.</summary>
    internal Action<string>? Starting { get; set; }

    /// <summary>When cleaning up after a killed ADD: whether it had started a program.</summary>
    internal Func<string, bool>? WasStarted { get; set; }

    /// <summary>Whether a rollback sends DEL to programs: not where an interface of that name was there before, since it would be removed.</summary>
    internal bool UndoPrograms { get; set; } = true;

    /// <summary>Whether programs are passed over: they are not asked what their network's version does not have.</summary>
    internal bool OnlyNative { get; set; }

    /// <inheritdoc/>
    public CniResult? Invoke(string type, PluginRequest request, PluginContext context)
    {
        if (OnlyNative && !IsNative(type))
        {
            return null;
        }

        bool neverRan = context.OnlyOwn && WasStarted?.Invoke(type) == false && !IsNative(type);
        return neverRan ? null : Invoke(Resolve(type, request.Path), request, context, delegated: true);
    }

    /// <summary>The plugin of a type.</summary>
    /// <exception cref="CniException"><see cref="RuntimeErrorIds.PluginNotFound"/>.</exception>
    internal ResolvedPlugin Resolve(string type, IReadOnlyList<string> path)
    {
        if (IsNative(type))
        {
            return new ResolvedPlugin(type, NativePlugins.Find(type), null);
        }

        if (_options.PluginSource == PluginSource.Native)
        {
            throw PluginFinder.NotFound(
                type,
                $"failed to find plugin {GoText.Quote(type)} among the native ones [{string.Join(' ', NativePlugins.Types)}]",
                "Allow programs as well (-PluginSource NativeFirst).");
        }

        return new ResolvedPlugin(type, null, PluginFinder.Find(type, path));
    }

    /// <inheritdoc/>
    public bool IsNative(string type) => _options.PluginSource != PluginSource.Path && NativePlugins.Find(type) is not null;

    /// <summary>Whether a plugin of a list, or the one it delegates to, may be a program.</summary>
    internal bool MayRunPrograms(NetworkConfigurationList list)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (!IsNative(plugin.Type) || (plugin.IpamType.Length > 0 && !IsNative(plugin.IpamType)))
            {
                return _options.PluginSource != PluginSource.Native;
            }
        }

        return false;
    }

    /// <summary>Calls a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="request">The call.</param>
    /// <param name="context">What it works with, if it is native.</param>
    /// <param name="delegated">Whether another plugin asks for it.</param>
    internal CniResult? Invoke(ResolvedPlugin plugin, PluginRequest request, PluginContext context, bool delegated = false)
    {
        if (plugin.Native is { } native)
        {
            return Observe(plugin, request, () => InvokeNative(native, request, context));
        }

        return _host.IsPlan ? PlanProgram(plugin, request, context) : InvokeProgram(plugin, request, context, delegated);
    }

    /// <summary>VERSION (SPEC, section 2, "VERSION"; libcni's dummy values for what has no meaning there).</summary>
    /// <exception cref="CniException">There is no such plugin, or it failed, or its answer is none.</exception>
    internal PluginVersionInfo Version(string type, IReadOnlyList<string> path, CancellationToken cancellation)
    {
        ResolvedPlugin plugin = Resolve(type, path);
        if (plugin.Native is { } native)
        {
            return new PluginVersionInfo(CniVersion.Current, native.SupportedVersions);
        }

        PluginRequest request = new()
        {
            Verb = CniVerb.Version,
            NetNS = "dummy",
            InterfaceName = "dummy",
            Path = ["dummy"],
            Config = JsonBytes.Write(static writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("cniVersion", CniVersion.Current);
                writer.WriteEndObject();
            }),
        };
        try
        {
            return PluginVersionInfo.Parse(Run(plugin, request, _options.Timeout, cancellation).Output);
        }
        catch (ProgramException e) when (e.Message == "unknown CNI_COMMAND: VERSION")
        {
            return new PluginVersionInfo(CniVersion.Oldest, [CniVersion.Oldest]); // it is older than VERSION
        }
    }

    private CniResult? InvokeNative(ICniPlugin native, PluginRequest request, PluginContext context)
    {
        Action? outer = context.Waiting;
        context.Waiting = Waits.Of(_observer, native.Type, request);
        try
        {
            return NativeCall.Run(native, HostNamespaceGuard.Guard(request, context, _options, _observer), context);
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            throw KernelErrors.Wrap(e, native.Type, request.Verb);
        }
        finally
        {
            context.Waiting = outer; // who delegates waits on
        }
    }

    private CniResult? InvokeProgram(ResolvedPlugin plugin, PluginRequest request, PluginContext context, bool delegated)
    {
        bool refused = false;
        if (request.Verb == CniVerb.Add)
        {
            Starting?.Invoke(plugin.Type);
            if (_options.Rollback && UndoPrograms)
            {
                PluginRequest undo = request with { Verb = CniVerb.Delete };
                context.Transaction.OnRollback(() =>
                {
                    if (!refused)
                    {
                        Run(plugin, undo, _options.Timeout ?? s_undoTimeout, CancellationToken.None);
                    }
                });
            }
        }

        CniResult? result = null;
        try
        {
            Observe(plugin, request, () => result = Program(plugin).RunForResult(request, context.Cancellation));
        }
        catch (CniException e) when (_options.CollectDifferences && request.Verb == CniVerb.Check && IsDifference(e))
        {
            context.Differences.Add(new Difference(plugin.Type, "CHECK succeeds", e.Message, e.Message) { PluginType = plugin.Type });
        }
        catch (ProgramException e) when (delegated && e.HasAnswered)
        {
            // A delegate that says no has given nothing, and its DEL would take what an earlier attachment of the same name has been given.
            refused = true;
            throw;
        }

        return result;
    }

    // What CHECK is there to find, against that it could not be asked at all.
    private static bool IsDifference(CniException e) =>
        e is ProgramException { HasAnswered: true }
        && (e.Code == CniErrorCode.UnknownContainer || (int)e.Code >= 100);

    private PluginProgram Program(ResolvedPlugin plugin) => new(plugin, _host.Namespace, _options, _observer);

    private ProgramOutcome Run(ResolvedPlugin plugin, PluginRequest request, TimeSpan? timeout, CancellationToken cancellation)
    {
        ProgramOutcome? outcome = null;
        Observe(plugin, request, () =>
        {
            outcome = Program(plugin).Run(request, timeout, cancellation);
            return null;
        });
        return outcome!;
    }

    private CniResult? PlanProgram(ResolvedPlugin plugin, PluginRequest request, PluginContext context)
    {
        string path = System.IO.Path.GetFullPath(plugin.Program!);
        context.Apply(new ProgramCall(path, ProgramEnvironment.Variables(request), request.Config, _host.Namespace));
        return request.Verb == CniVerb.Add ? throw new PlanEndsException() : null;
    }

    private CniResult? Observe(ResolvedPlugin plugin, PluginRequest request, Func<CniResult?> call)
    {
        if (_observer is null)
        {
            return call();
        }

        _observer.Calling(plugin.Type, request, plugin.Program);
        long start = Stopwatch.GetTimestamp();
        CniResult? result = null;
        Exception? error = null;
        try
        {
            return result = call();
        }
        catch (Exception e)
        {
            error = e is PlanEndsException ? null : e;
            throw;
        }
        finally
        {
            _observer.Called(plugin.Type, request, result, error, Stopwatch.GetElapsedTime(start));
        }
    }
}
