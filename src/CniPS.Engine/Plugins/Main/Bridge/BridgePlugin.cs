using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>bridge: connects the container to a bridge of the host by a pair of virtual Ethernet interfaces.</summary>
internal sealed class BridgePlugin : ICniPlugin, IConvertsRules
{
    public string Type => "bridge";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => BridgeSchema.Value;

    public void Validate(PluginCall call) => call.Parse(BridgeConfiguration.Parse);

    public CniResult Add(PluginCall call, PluginContext context) =>
        new BridgeAttachment(call, context, call.Parse(BridgeConfiguration.Parse)).Add();

    public void Delete(PluginCall call, PluginContext context) =>
        new BridgeRemoval(call, context, call.Parse(BridgeConfiguration.Parse)).Delete();

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context) =>
        new BridgeInspection(call, context, call.Parse(BridgeConfiguration.Parse)).Check();

    public void Status(PluginCall call, PluginContext context)
    {
        BridgeConfiguration configuration = call.Parse(BridgeConfiguration.Parse);
        if (configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }
    }

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        BridgeConfiguration configuration = call.Parse(BridgeConfiguration.Parse);
        if (configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }

        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        // Whether or not it masquerades and guards ports now: it may have, when they were added.
        AttachmentMasquerade.RemoveInvalid(context, call.Network, valid);
        Link? bridge = context.Host.FindLink(context.Host.Namespace, configuration.Bridge);
        VethGarbage.Remove(context, call.Network, link => link.Master == bridge?.Index);
        PortGuard.RemoveInvalid(context, call.Network, valid);
        GoSpoofCheck.RemoveInvalid(context, call.Network, valid, bridge);
    }

    public string BackendKey => MasqueradeBackendKey.Name;

    public bool HasRules(PluginCall call, PluginContext context) => AttachmentMasquerade.IsThere(context, call);

    public IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to) => AttachmentMasquerade.Convert(context, call, to);
}
