using System.Linq;
using CniPS.Spec;

namespace CniPS;

/// <summary>An interface of a result.</summary>
public sealed class CniAddedInterface
{
    internal CniAddedInterface(CniInterface item)
    {
        Name = item.Name;
        Mac = item.Mac;
        Mtu = item.Mtu;
        Sandbox = item.Sandbox;
        SocketPath = item.SocketPath;
        PciID = item.PciID;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its hardware address.</summary>
    public string? Mac { get; }

    /// <summary>Its MTU in bytes.</summary>
    public int? Mtu { get; }

    /// <summary>The path of the container's namespace; none for an interface of the host.</summary>
    public string? Sandbox { get; }

    /// <summary>The path of its socket.</summary>
    public string? SocketPath { get; }

    /// <summary>The PCI device.</summary>
    public string? PciID { get; }

    internal static CniList<CniAddedInterface> ListOf(CniResult result) => result.Interfaces.Select(item => new CniAddedInterface(item)).ToCniList();

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
