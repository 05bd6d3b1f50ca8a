using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>tuning: sets kernel parameters of the container's network, and properties of its interface, which DEL puts back.</summary>
internal sealed class TuningPlugin : ICniPlugin
{
    private const string Placement = "tuning changes an interface that another plugin has made: put it behind that plugin in the list.";

    public string Type => "tuning";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => TuningSchema.Value;

    public void Validate(PluginCall call) => TuningConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        TuningConfiguration configuration = TuningConfiguration.Parse(call);
        SysctlAllowList.Check(context.Host.ReadFile(SysctlAllowList.File), configuration.Sysctls);
        CniResult result = call.RequirePreviousResult(action: Placement);
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        List<Change> changes = [];
        foreach (TuningSysctl sysctl in configuration.Sysctls)
        {
            changes.Add(new SysctlWrite(ns, sysctl.Name, sysctl.Value));
        }

        if (configuration.ChangesLink)
        {
            Link link = context.Host.FindLink(ns, call.InterfaceName) ?? throw Missing($"failed to get {GoText.Quote(call.InterfaceName)}: Link not found", call);
            string path = TuningBackup.PathOf(configuration.DataFolder, call);
            changes.AddRange(TuningBackup.Of(link, configuration).Write(path));
            changes.AddRange(TuningOwner.Of(call).Write(path));
            foreach (TuningChange change in TuningChange.Of(configuration, ns, link))
            {
                changes.Add(change.Change);
            }
        }

        context.Apply(changes);
        return configuration.Mac is { } mac ? WithMac(result, call.InterfaceName, mac) : result;
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        // Not the whole configuration: what was kept tells what to do.
        string path = TuningBackup.PathOf(FolderOf(call), call);
        if (context.Host.ReadFile(path, own: true) is not { } content)
        {
            Forget(path, context);
            return;
        }

        List<Exception> failures = [];
        if (TuningBackup.Read(content) is { } backup)
        {
            Restore(backup, call, context, failures);
        }
        else
        {
            context.Observer?.Warn($"{path} is not what tuning writes; it is removed, and the interface left as it is.");
        }

        // While the interface is there and not as it was, the next DEL may try again.
        if (failures.Count == 0)
        {
            context.Apply(new FileDelete(path));
            Forget(path, context);
        }

        Failures.Throw(failures, "tuning", "DEL");
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        TuningConfiguration configuration = TuningConfiguration.Parse(call);
        call.RequirePreviousResult(action: Placement);
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        List<Difference> differences = [];
        foreach (TuningSysctl sysctl in configuration.Sysctls)
        {
            string? value = context.Host.ReadSysctl(ns, sysctl.Name);
            if (value is null || !sysctl.Is(value))
            {
                differences.Add(new Difference(
                    sysctl.Name,
                    sysctl.Value,
                    value,
                    value is null
                        ? $"open /proc/sys/{sysctl.Name}: no such file or directory"
                        : $"Error: Tuning configured value of /proc/sys/{sysctl.Name} is {sysctl.Value}, current value is {value}")
                {
                    Repair = value is null ? [] : [new SysctlWrite(ns, sysctl.Name, sysctl.Value)],
                });
            }
        }

        if (context.Host.FindLink(ns, call.InterfaceName) is not { } link)
        {
            differences.Add(new Difference($"link {call.InterfaceName}", "an interface", null, $"Cannot find container link {call.InterfaceName}"));
            return differences;
        }

        foreach (TuningChange change in TuningChange.Of(configuration, ns, link))
        {
            if (change.Actual != change.Wanted)
            {
                differences.Add(new Difference(change.Subject, change.Wanted, change.Actual, change.Message) { Repair = [change.Change] });
            }
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) =>
        SysctlAllowList.Check(context.Host.ReadFile(SysctlAllowList.File), TuningConfiguration.Parse(call).Sysctls);

    // What is kept for DEL of those that are gone. Where nothing says of which network it is, the Go program has written it, and it stays.
    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        string folder = FolderOf(call);
        List<Exception> failures = [];
        foreach (string file in context.Host.ListFiles(TuningOwner.FolderIn(folder)))
        {
            string backup = Path.Combine(folder, file), path = TuningOwner.PathOf(backup);
            if (context.Host.ReadFile(path, own: true) is { } content && TuningOwner.Read(content) is { } owner
                && owner.Network == call.Network && !valid.Keeps(owner.ToClaim(path)))
            {
                Failures.Try(failures, () => context.Apply(new FileDelete(backup), new FileDelete(path)));
            }
        }

        Failures.Throw(failures, Type, "GC");
    }

    private static string FolderOf(PluginCall call) =>
        new PluginConfigReader(call.Configuration).GetString("dataDir") is { Length: > 0 } configured ? configured : TuningConfiguration.DefaultDataFolder;

    private static void Forget(string backup, PluginContext context)
    {
        string path = TuningOwner.PathOf(backup);
        if (context.Host.FileExists(path))
        {
            context.Apply(new FileDelete(path));
        }
    }

    private static void Restore(TuningBackup backup, PluginCall call, PluginContext context, List<Exception> failures)
    {
        if (call.Request.NetNS.Length == 0
            || context.TryOpenNamespace(call.Request.NetNS, out _) is not { } ns
            || context.Host.FindLink(ns, call.InterfaceName) is not { } link)
        {
            return; // there is nothing left to put back
        }

        foreach (LinkSet change in backup.Restore(ns, link.Id))
        {
            Failures.Try(failures, () => context.Apply(change));
        }
    }

    private static CniResult WithMac(CniResult result, string interfaceName, MacAddress mac)
    {
        List<CniInterface> interfaces = [];
        foreach (CniInterface candidate in result.Interfaces)
        {
            bool isIt = candidate.Name == interfaceName && !string.IsNullOrEmpty(candidate.Sandbox);
            interfaces.Add(isIt ? candidate with { Mac = mac.ToString() } : candidate);
        }

        return result.With(interfaces);
    }

    private static CniException Missing(string message, PluginCall call) => new(CniErrorIds.LinkNotReady, CniErrorCode.Internal, message)
    {
        Target = call.InterfaceName,
        RecommendedAction = Placement,
    };
}
