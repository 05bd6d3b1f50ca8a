using System.Text.RegularExpressions;
using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>Links of kinds that the machine's kernel may lack: made through the kernel interface and by their commands they are the same.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class LinkKindTests
{
    [SecondKernelFact]
    public void AnIpvlanIsWhatItsCommandMakes()
    {
        Compare(new IpvlanSettings(IpvlanMode.L2), hasLower: true);
        Compare(new IpvlanSettings(IpvlanMode.L3), hasLower: true);
        Compare(new IpvlanSettings(IpvlanMode.L3s), hasLower: true);
    }

    [SecondKernelFact]
    public void AVlanIsWhatItsCommandMakes()
    {
        Compare(new VlanSettings(0), hasLower: true);
        Compare(new VlanSettings(4094), hasLower: true);
    }

    [SecondKernelFact]
    public void ADummyIsWhatItsCommandMakes() => Compare(new DummySettings(), hasLower: false);

    [SecondKernelFact]
    public void AVrfIsWhatItsCommandMakes() => Compare(new VrfSettings(1005), hasLower: false);

    private static void Compare(LinkSettings settings, bool hasLower)
    {
        using Sandbox sandbox = new();
        Assert.Equal(
            Make(sandbox, "a", settings, hasLower, change => sandbox.Host.Apply([change])),
            Make(sandbox, "b", settings, hasLower, change => Sandbox.Run(change.Text)));
    }

    private static string Make(Sandbox sandbox, string suffix, LinkSettings settings, bool hasLower, System.Action<LinkAdd> apply)
    {
        string ground = sandbox.AddNamespace("ground-" + suffix), container = sandbox.AddNamespace("container-" + suffix);
        Sandbox.Run($"ip -n {ground} link add d0 up type veth peer name d1");
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(ground)), target = NetworkNamespace.Open(NamedNamespaces.PathOf(container));
        apply(new LinkAdd(ns, "x0", settings) { Lower = hasLower ? sandbox.Host.FindLink(ns, "d0")!.Id : null, Target = target, Mtu = 1280, Up = true });
        if (sandbox.Host.FindLink(target, "x0") is not { } link)
        {
            throw new System.InvalidOperationException("no link");
        }

        Assert.Equal(settings.Kind, link.Kind);
        Assert.Equal(settings.HasData ? settings : null, link.Settings);
        Assert.Equal(hasLower ? sandbox.Host.FindLink(ns, "d0")!.Index : 0, link.Peer);
        return Regex.Replace(Sandbox.Run($"ip -n {container} -d -o link show x0"), @"([0-9a-f]{2}:){5}[0-9a-f]{2}|link-netns(id)? \S+|(NO-CARRIER,|,LOWER_UP|state [A-Z]+)", "");
    }
}
