using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Machine;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Plugin.Protocol;

/// <summary>
/// One call of a native plugin in a process of its own: with the network's lock, and for ADD a journal that outlives the process if it is killed. The host's
/// sockets are left to the process's end: closing them one by one would only take longer.
/// </summary>
internal sealed class PluginExecution
{
    /// <summary>The environment variable that says where delegates come from: native-first, native or path.</summary>
    internal const string SourceVariable = "CNIPS_PLUGIN_SOURCE";

    private readonly string _type;
    private readonly PluginRequest _asked;
    private readonly LinuxHost _host = new(waitForDeletions: true);
    private readonly RuntimeOptions _options, _delegates;
    private readonly Interruption _interruption = new();
    private readonly StandardErrorObserver _observer;
    private readonly Transaction _transaction;
    private PluginJournal? _journal;
    private bool _hasAdded;

    /// <summary>Takes a call.</summary>
    /// <param name="type">The plugin.</param>
    /// <param name="request">What it is asked.</param>
    internal PluginExecution(string type, PluginRequest request)
    {
        _type = type;
        _asked = request;
        _options = new RuntimeOptions
        {
            PluginPath = request.Path,
            PluginSource = PluginSource.Native,
            AllowHostNamespace = PluginVariables.MayBeHostNamespace(Environment.GetEnvironmentVariable),
            HideCniVariables = false,
        };
        _delegates = _options with { PluginSource = DelegateSource() };
        _observer = new StandardErrorObserver(_interruption);
        _transaction = new Transaction(_host);
    }

    /// <summary>Carries it out.</summary>
    /// <exception cref="CniException">It failed, and nothing is left of it unless the error says so; or CHECK found differences.</exception>
    internal CniResult? Run()
    {
        PluginContext context = Context();
        PluginRequest request = HostNamespaceGuard.Guard(_asked, context, _options, _observer); // before anything is written
        if (request.Verb == CniVerb.Add)
        {
            _journal = PluginJournal.Begin(_host, _delegates, _type, request, _observer, _interruption.Token);
        }

        using IDisposable? locked = Lock(request);
        switch (request.Verb)
        {
            case CniVerb.Add:
                return Add(request, context);
            case CniVerb.GarbageCollect:
                UnfinishedCalls.Collect(_host, _delegates, _type, request, _observer, _interruption.Token);
                break;
        }

        CniResult? result = Invoke(request, context);
        if (request.Verb == CniVerb.Delete)
        {
            PluginJournal.Forget(_options, _type, request);
        }

        return context.Differences.Count == 0 ? result : throw Different(context.Differences);
    }

    /// <summary>Takes back what ADD has made.</summary>
    /// <returns>False where there was no ADD, or it failed.</returns>
    internal bool TakeBack()
    {
        if (_hasAdded)
        {
            _transaction.Rollback();
        }

        return _hasAdded;
    }

    /// <summary>The answer is told; the process's end closes what is open.</summary>
    internal void EndWithProcess() => _journal?.EndWithProcess();

    private PluginContext Context() => new()
    {
        Host = _host,
        Transaction = _transaction,
        Cancellation = _interruption.Token,
        AskBackend = () => ExecutableSettings.Backend(_host),
        AskJudge = () => new HolderJudge(_host, _options),
        Plugins = new PluginInvoker(_host, _delegates, _observer),
        Judge = _asked.Verb == CniVerb.GarbageCollect ? PluginJudge.For(_host, _asked) : null,
    };

    private CniResult? Invoke(PluginRequest request, PluginContext context) => new PluginInvoker(_host, _options, _observer).Invoke(_type, request, context);

    private CniResult? Add(PluginRequest request, PluginContext context)
    {
        try
        {
            _journal?.UndoLeftover(_host, _delegates, _type, _observer, _interruption.Token);
            CniResult? result = Invoke(request, context);
            _journal?.Clear();
            _hasAdded = true;
            return result;
        }
        catch (Exception e)
        {
            IReadOnlyList<Exception> left = _transaction.Rollback();
            if (left.Count == 0)
            {
                _journal?.Clear(); // else DEL and GC know
            }

            throw left.Count == 0 ? e : Incomplete(e, left);
        }
    }

    private IDisposable? Lock(PluginRequest request)
    {
        try
        {
            return NetworkLock.TakeForCall(_host, request, Environment.GetEnvironmentVariable(NetworkLock.HeldVariable), _interruption.Token);
        }
        catch
        {
            _journal?.Clear(); // nothing has begun
            throw;
        }
    }

    private static PluginSource DelegateSource() =>
        Environment.GetEnvironmentVariable(SourceVariable) is { Length: > 0 } source
            ? PluginSources.Parse(source)
            : PluginSource.NativeFirst;

    private static CniException Different(List<Difference> differences) => new(
        RuntimeErrorIds.CheckFailed,
        CniErrorCode.Internal,
        differences[0].Message,
        differences.Count == 1 ? null : string.Join("; ", differences[1..]));

    private static CniException Incomplete(Exception error, IReadOnlyList<Exception> left)
    {
        var cni = error as CniException;
        var details = new StringBuilder(cni?.Details);
        foreach (Exception failure in left)
        {
            details.Append(details.Length == 0 ? "" : "; ").Append("not rolled back: ").Append(failure.Message);
        }

        return new CniException(
            cni?.ErrorId ?? RuntimeErrorIds.PluginFailed,
            cni?.Code ?? CniErrorCode.Internal,
            cni?.Msg ?? error.Message,
            details.ToString(),
            error);
    }
}
