using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>ptp: connects the container to the host by a pair of virtual Ethernet interfaces, and routes.</summary>
internal sealed class PtpPlugin : ICniPlugin, IConvertsRules
{
    public string Type => "ptp";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => PtpSchema.Value;

    public void Validate(PluginCall call) => PtpConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context) => new PtpAttachment(call, context, PtpConfiguration.Parse(call)).Add();

    public void Delete(PluginCall call, PluginContext context) => PtpRemoval.Delete(call, context, PtpConfiguration.Parse(call));

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context) =>
        new PtpInspection(call, context, PtpConfiguration.Parse(call)).Check();

    public void Status(PluginCall call, PluginContext context)
    {
        PtpConfiguration.Parse(call);
        IpamDelegate.Call(context, call);
    }

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        PtpConfiguration.Parse(call);
        IpamDelegate.Call(context, call);
        if (ValidAttachments.Read(call.Configuration, context.Judge) is { } valid)
        {
            AttachmentMasquerade.RemoveInvalid(context, call.Network, valid);
            VethGarbage.Remove(context, call.Network, link => link.Master == 0);
        }
    }

    public string BackendKey => MasqueradeBackendKey.Name;

    public bool HasRules(PluginCall call, PluginContext context) => AttachmentMasquerade.IsThere(context, call);

    public IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to) => AttachmentMasquerade.Convert(context, call, to);
}
