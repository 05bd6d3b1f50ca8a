using System;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// An ADD that is only planned, of a network that nobody has, and then thrown away. Three quarters of what the first ADD of a process takes
/// is the loading and compiling of code, which this does beforehand, beside whatever else goes on. It asks the kernel for links, and changes,
/// locks and writes nothing.
/// </summary>
public static class Rehearsal
{
    private const string Nowhere = "/nonexistent"; // hier(7) and the FHS know no such folder; the account nobody has it for that reason
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    /// <summary>Plans the ADD.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="CniException">The plan can't be made, as where the host's namespace can't be opened.</exception>
    public static OperationPlan Run(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        NetworkConfigurationList list = NetworkConfigurationList.Parse(Text.ToArray());
        Attachment attachment = new() { ContainerId = "rehearsal", NetNS = OwnNamespace, InterfaceName = "rehearsal0" };
        RuntimeOptions options = RuntimeOptions.Default with { AllowHostNamespace = true, CacheFolder = Nowhere, PluginSource = PluginSource.Native };
        Intent.FirstLine(list.Name, ListBytes.Of(list, options), attachment, options); // a plan has none

        PlanRecorder recorder = new();
        recorder.Result = new CniRuntime(new PlannedHost(host), options, recorder).Add(list, attachment);
        return recorder.ToPlan("ADD", list.Name, attachment);
    }

    // RFC 5737: addresses for documentation.
    private static ReadOnlySpan<byte> Text => """
        {
          "cniVersion": "1.1.0",
          "name": "rehearsal",
          "plugins": [
            {
              "type": "bridge", "bridge": "rehearsal", "isGateway": true,
              "ipam": { "type": "host-local", "dataDir": "/nonexistent", "subnet": "192.0.2.0/24", "routes": [ { "dst": "0.0.0.0/0" } ] }
            }
          ]
        }
        """u8;
}
