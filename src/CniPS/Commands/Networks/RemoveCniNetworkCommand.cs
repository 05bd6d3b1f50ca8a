using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Removes a network's file. It is refused while containers are attached, unless -Force is given; their attachments can be removed all the
/// same, since the cache keeps the configuration that each was made with. Bridges and the like stay.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "CniNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class RemoveCniNetworkCommand : NetworkFileCommand
{
    /// <summary>Removes it even where containers are attached.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the network that was removed; with -WhatIf, that would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The folder in which results are kept: attachments are looked for there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        NetworkConfigurationList network = Load();
        string file = network.Source!;
        using Machine.Loan machine = Machine.Borrow();
        List<string> living = Living(network.Name, machine.Host);
        if (living.Count > 0 && !Force)
        {
            throw new CniException(
                ModuleErrorIds.NetworkInUse,
                CniErrorCode.Unknown,
                $"network {network.Name} has {living.Count} attached: {string.Join(", ", living)}")
            {
                RecommendedAction = $"Get-CniAttachment {network.Name} | Remove-CniAttachment takes them off; -Force removes the file all the same.",
                Target = network.Name,
            };
        }

        FileDelete change = new(file);
        string question = living.Count > 0 ? $"Remove network {network.Name}, to which {living.Count} are attached?" : $"Remove network {network.Name}?";
        bool goOn = ShouldProcess(change.Text, question, "Confirm", out ShouldProcessReason reason);
        if (goOn)
        {
            NetworkFile.Apply(machine.Host, change);
        }

        if (PassThru && (goOn || reason == ShouldProcessReason.WhatIf))
        {
            WriteObject(new CniNetwork(network));
        }
    }

    private List<string> Living(string network, IHost host)
    {
        string folder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        List<string> living = [];
        ResultCache cache = Caches.Open(host, folder);
        LivenessJudge judge = new(host, cache);
        foreach (CachedAttachment cached in cache.List())
        {
            if (cached.Network == network && judge.Judge(cached) is { IsGone: false } verdict)
            {
                living.Add($"{cached.ContainerId}/{cached.InterfaceName}{(verdict.IsAlive ? "" : $" (it can't be told whether it is gone: {verdict.Reason})")}");
            }
        }

        return living;
    }
}
