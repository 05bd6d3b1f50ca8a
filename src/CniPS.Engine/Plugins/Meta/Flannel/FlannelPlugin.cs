using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>flannel: has another plugin, usually bridge, attach containers to the subnet that flanneld has got for this node.</summary>
internal sealed class FlannelPlugin : ICniPlugin, IConvertsRules
{
    private const uint FolderMode = 0x1C0, FileMode = 0x180; // 0700, 0600, as the Go plugin makes them

    public string Type => "flannel";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => FlannelSchema.Value;

    public void Validate(PluginCall call) => FlannelConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        FlannelConfiguration configuration = FlannelConfiguration.Parse(call);
        FlannelDelegate made = Make(call, context, configuration);
        context.Apply(new FolderCreate(configuration.DataFolder, FolderMode), new FileWrite(PathOf(call, configuration), made.Config, FileMode) { KeepOld = true });
        return made.Invoke(call, context)!;
    }

    // With the configuration that was kept. It is one for all interfaces of a container: the last one may find it gone.
    public void Delete(PluginCall call, PluginContext context)
    {
        FlannelConfiguration configuration = FlannelConfiguration.Parse(call);
        string path = PathOf(call, configuration);
        byte[]? kept = context.Host.ReadFile(path, own: true);
        if ((kept is null ? null : FlannelDelegate.Read(kept)) is not { } made)
        {
            if (kept is not null)
            {
                context.Observer?.Warn($"flannel: {path} is no configuration");
            }

            if (!context.Host.FileExists(configuration.SubnetFile))
            {
                return; // nothing is known of what there was
            }

            try
            {
                made = Make(call, context, configuration);
            }
            catch (CniException e) when (e.ErrorId == CniErrorIds.UnreadableFile)
            {
                context.Observer?.Warn($"flannel: {e.Message}");
                return; // nor now
            }
        }

        made.Invoke(call, context);
        if (kept is not null)
        {
            context.Apply(new FileDelete(path));
        }
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        FlannelConfiguration configuration = FlannelConfiguration.Parse(call);
        string path = PathOf(call, configuration);
        List<Difference> differences = [];
        byte[]? kept = context.Host.ReadFile(path, own: true);
        FlannelDelegate? made = kept is null ? null : FlannelDelegate.Read(kept);
        if (made is null)
        {
            made = Make(call, context, configuration);
            differences.Add(new Difference($"file {path}", "the delegate's configuration", kept is null ? null : "something else", $"{path} does not hold the delegate's configuration")
            {
                Repair = [new FolderCreate(configuration.DataFolder, FolderMode), new FileWrite(path, made.Config, FileMode)],
            });
        }

        made.Invoke(call, context);
        return differences;
    }

    public void Status(PluginCall call, PluginContext context)
    {
        FlannelDelegate made;
        try
        {
            made = Make(call, context, FlannelConfiguration.Parse(call));
        }
        catch (CniException e) when (e.Code == CniErrorCode.TryAgainLater)
        {
            throw new CniException(e.ErrorId, CniErrorCode.PluginNotAvailable, e.Message, innerException: e)
            {
                Target = e.Target,
                RecommendedAction = e.RecommendedAction,
            };
        }

        made.Invoke(call, context);
    }

    // First the delegate, with what it needs to know of the network; then what was kept of containers that are gone.
    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        FlannelConfiguration configuration = FlannelConfiguration.Parse(call);
        List<Exception> failures = [];
        Failures.Try(failures, () => Make(call, context, configuration).Invoke(call, context));
        HashSet<string> keep = [];
        foreach ((string container, _) in valid.Keys)
        {
            keep.Add(KeptFile.NameOf(container));
        }

        foreach (string file in context.Host.ListFiles(configuration.DataFolder))
        {
            string path = Path.Combine(configuration.DataFolder, file);
            if (!keep.Contains(file) && context.Host.ReadFile(path, own: true) is { } kept
                && FlannelDelegate.Read(kept) is { } made && made.Network == call.Network && !valid.Keeps(made.ClaimOf(file, path)))
            {
                Failures.Try(failures, () => context.Apply(new FileDelete(path)));
            }
        }

        Failures.Throw(failures, Type, "GC");
    }

    public string BackendKey => "delegate." + MasqueradeBackendKey.Name;

    // The delegate masquerades in its caller's name; what was kept for DEL need not name the form, since that looks into both.
    public bool HasRules(PluginCall call, PluginContext context) => AttachmentMasquerade.IsThere(context, call);

    public IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to) => AttachmentMasquerade.Convert(context, call, to);

    private static FlannelDelegate Make(PluginCall call, PluginContext context, FlannelConfiguration configuration) =>
        FlannelDelegate.Make(call, configuration, FlannelSubnet.Read(context.Host, configuration.SubnetFile));

    private static string PathOf(PluginCall call, FlannelConfiguration configuration) =>
        Path.Combine(configuration.DataFolder, KeptFile.NameOf(call.ContainerId));
}
