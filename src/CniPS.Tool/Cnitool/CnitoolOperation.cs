using System;
using CniPS.Linux.Machine;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugin.Protocol;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Cnitool;

/// <summary>What cnitool's five commands do: everything but network, namespace and interface comes from the environment.</summary>
internal static class CnitoolOperation
{
    /// <summary>Runs one.</summary>
    internal static void Run(CnitoolArguments arguments)
    {
        string folder = Variable("NETCONFPATH") is { Length: > 0 } path ? path : CnitoolDefaults.ConfigurationFolder;
        NetworkConfigurationList network = new NetworkConfigurationFolder(folder).Load(arguments.Operands[0], strict: true);
        Attachment attachment = ToAttachment(arguments);
        using var host = new LinuxHost();
        var runtime = new CniRuntime(host, Options(), new CnitoolObserver());
        switch (arguments.Page.Name)
        {
            case "add":
                StandardStreams.Write(StandardStreams.Output, runtime.Add(network, attachment)?.ToJson(indented: true));
                break;
            case "check":
                runtime.Check(network, attachment).Dispose();
                break;
            case "del":
                runtime.Delete(network, attachment);
                break;
            case "gc":
                runtime.CollectGarbage(network, valid: null);
                break;
            case "status":
                runtime.Status(network);
                break;
            default:
                throw new InvalidOperationException($"cnitool has no operation {arguments.Page.Name}");
        }
    }

    private static Attachment ToAttachment(CnitoolArguments arguments)
    {
        var capabilities = Variable("CAP_ARGS") is { Length: > 0 } json ? CapabilityArgs.Parse(json) : [];
        CniArgs args = CniArgs.ParseStrict(Variable("CNI_ARGS"));
        string interfaceName = arguments.InterfaceName.Length > 0 ? arguments.InterfaceName
            : Variable("CNI_IFNAME") is { Length: > 0 } name ? name
            : CnitoolDefaults.InterfaceName;
        string netns = GoPath.Absolute(arguments.Operands[1]);
        return new Attachment
        {
            ContainerId = CnitoolDefaults.ContainerIdOf(netns),
            NetNS = netns,
            InterfaceName = interfaceName,
            Args = args,
            CapabilityArgs = capabilities,
        };
    }

    // cnitool knows programs only; what is built in runs where the variable says so, or where CNI_PATH has our links. The links take their network's lock
    // and write their journal themselves: what runs in this process needs both from here, or GC takes it for what a killed one has left.
    private static RuntimeOptions Options()
    {
        PluginSource source = Variable(PluginExecution.SourceVariable) is { Length: > 0 } text ? PluginSources.Parse(text) : PluginSource.Path;
        bool inProcess = source != PluginSource.Path;
        return RuntimeOptions.Libcni with
        {
            PluginPath = Variable("CNI_PATH") is { Length: > 0 } path ? path.Split(':') : [],
            PluginSource = source,
            Locks = inProcess,
            Intents = inProcess,
        };
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
