using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Interop;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Plugin;

/// <summary>
/// A native plugin as a plugin program. Everything happens on the one thread that the process was started with, and nothing is set up that
/// the call doesn't need: most of what such a program costs is its start.
/// </summary>
internal static class PluginProgram
{
    /// <summary>The environment variable that says where delegates come from: native-first, native or path.</summary>
    internal const string SourceVariable = "CNIPS_PLUGIN_SOURCE";

    /// <summary>Answers the call that the environment and standard input make up.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(ICniPlugin plugin)
    {
        NetworkNamespace.EnterDirectly();
        PluginJournal? journal = null;
        Transaction? added = null;
        var protocol = new PluginProtocol(
            plugin,
            Environment.GetEnvironmentVariable,
            StandardStreams.ReadInput,
            request => Execute(plugin.Type, request, opened => journal = opened, transaction => added = transaction),
            () => $"CNI {plugin.Type} plugin CniPS v{ToolVersion.Text}");
        PluginAnswer answer = protocol.Answer();
        if (!StandardStreams.Write(StandardStreams.Output, answer.Output.Span))
        {
            // The runtime knows nothing of what was made, and takes a plugin that says nothing for one that failed.
            added?.Rollback();
            StandardStreams.Write(
                StandardStreams.Error, added is null ? "standard output can't be written\n"u8 : "standard output can't be written: what ADD had made was taken back\n"u8);
            return 1;
        }

        StandardStreams.Write(StandardStreams.Error, Encoding.UTF8.GetBytes(answer.ErrorText));
        journal?.EndWithProcess(); // the runtime has the answer by now
        return answer.ExitCode;
    }

    // The host's sockets are left to the process's end: closing them one by one would only take longer.
    private static CniResult? Execute(string type, PluginRequest request, Action<PluginJournal> opened, Action<Transaction> added)
    {
        var host = new LinuxHost(waitForDeletions: true);
        var options = new RuntimeOptions
        {
            PluginPath = request.Path,
            PluginSource = PluginSource.Native,
            AllowHostNamespace = PluginVariables.MayBeHostNamespace(Environment.GetEnvironmentVariable),
            HideCniVariables = false,
        };
        RuntimeOptions delegates = options with { PluginSource = DelegateSource() };
        var interruption = new Interruption();
        var observer = new StandardErrorObserver(interruption);
        var transaction = new Transaction(host);
        var context = new PluginContext
        {
            Host = host,
            Transaction = transaction,
            Cancellation = interruption.Token,
            AskBackend = () => ExecutableSettings.Backend(host),
            AskJudge = () => new HolderJudge(host, options),
            Plugins = new PluginInvoker(host, delegates, observer),
            Judge = request.Verb == CniVerb.GarbageCollect ? PluginJudge.For(host, request) : null,
        };
        request = HostNamespaceGuard.Guard(request, context, options, observer); // before anything is written
        PluginJournal? journal = request.Verb == CniVerb.Add ? PluginJournal.Begin(host, delegates, type, request, observer, interruption.Token) : null;
        if (journal is not null)
        {
            opened(journal);
        }

        using IDisposable? locked = Lock(host, request, journal, interruption.Token);
        if (request.Verb == CniVerb.GarbageCollect)
        {
            UnfinishedCalls.Collect(host, delegates, type, request, observer, interruption.Token);
        }

        try
        {
            journal?.UndoLeftover(host, delegates, type, observer, interruption.Token);
            CniResult? result = new PluginInvoker(host, options, observer).Invoke(type, request, context);
            journal?.Clear();
            if (request.Verb == CniVerb.Delete)
            {
                PluginJournal.Forget(options, type, request);
            }
            else if (request.Verb == CniVerb.Add)
            {
                added(transaction);
            }

            return context.Differences.Count == 0 ? result : throw Different(context.Differences);
        }
        catch (Exception e) when (request.Verb == CniVerb.Add)
        {
            IReadOnlyList<Exception> left = transaction.Rollback();
            if (left.Count == 0)
            {
                journal?.Clear(); // else DEL and GC know
            }

            throw left.Count == 0 ? e : Incomplete(e, left);
        }
    }

    private static IDisposable? Lock(LinuxHost host, PluginRequest request, PluginJournal? journal, CancellationToken cancellation)
    {
        try
        {
            return NetworkLock.TakeForCall(host, request, Environment.GetEnvironmentVariable(NetworkLock.HeldVariable), cancellation);
        }
        catch
        {
            journal?.Clear(); // nothing has begun
            throw;
        }
    }

    private static PluginSource DelegateSource() =>
        Environment.GetEnvironmentVariable(SourceVariable) is { Length: > 0 } source
            ? RuntimeSettings.ParseSource(source)
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
