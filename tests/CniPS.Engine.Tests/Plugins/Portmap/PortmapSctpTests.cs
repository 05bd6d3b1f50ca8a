using CniPS.Linux.Changes;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>Real associations of SCTP, which the second kernel speaks; its iptables is the legacy variant, and it has no nf_tables for IP.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class PortmapSctpTests
{
    [SecondKernelFact]
    public void Everybody_reaches_a_port_of_SCTP()
    {
        using PortmapNetwork network = new("\"backend\": \"iptables\"");
        string mappings = Mapping(3868, 1234, "sctp");
        network.Add("blue", mappings);
        network.Add("red", "");
        network.Serve("blue", ForwardedPort.Sctp, 1234);
        string blue = network.Container("blue"), red = network.Container("red");

        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, ForwardedPort.Sctp, HostAddress, 3868));
        Assert.Equal($"blue sees {OutsideAddress6}", network.Ask(network.Outside, ForwardedPort.Sctp, HostAddress6, 3868));
        foreach (string inside in (string[])[blue, red])
        {
            Assert.Equal($"blue sees {Gateway}", network.Ask(inside, ForwardedPort.Sctp, HostAddress, 3868));
            Assert.Equal($"blue sees {Gateway6}", network.Ask(inside, ForwardedPort.Sctp, HostAddress6, 3868));
        }

        Assert.Empty(network.Check("blue", mappings));
        Assert.Null(network.Ask(network.Outside, ForwardedPort.Sctp, HostAddress, 3869));
        network.Delete("blue", mappings);
        Assert.Null(network.Ask(network.Outside, ForwardedPort.Sctp, HostAddress, 3868));
        Assert.Null(network.Ask(network.Outside, ForwardedPort.Sctp, HostAddress6, 3868));
    }
}
