using System;
using System.Net;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Tool.Demo;

/// <summary>A container of the demo: a named namespace and the interface it is to get.</summary>
internal sealed class Container : IDisposable
{
    private readonly LinuxHost _host;

    internal Container(LinuxHost host, Narrator narrator, string name, string interfaceName)
    {
        narrator.Command($"ip netns add {name}");
        _host = host;
        Name = name;
        InterfaceName = interfaceName;
        Namespace = NamedNamespaces.Create(name);
    }

    /// <summary>Its name, which is its id too.</summary>
    internal string Name { get; }

    /// <summary>The interface's name.</summary>
    internal string InterfaceName { get; }

    /// <summary>The namespace.</summary>
    internal NetworkNamespace Namespace { get; }

    /// <summary>What is to be attached.</summary>
    internal Attachment Attachment => new() { ContainerId = Name, NetNS = Namespace.Path, InterfaceName = InterfaceName };

    /// <summary>Whether it has the interface.</summary>
    internal bool IsAttached => _host.FindLink(Namespace, InterfaceName) is not null;

    /// <summary>The address that the interface really has.</summary>
    internal IPAddress? Address
    {
        get
        {
            int index = _host.FindLink(Namespace, InterfaceName)?.Index ?? -1;
            foreach (InterfaceAddress address in _host.GetAddresses(Namespace))
            {
                if (address.LinkIndex == index && !address.Address.IsV6)
                {
                    return address.Address.Address;
                }
            }

            return null;
        }
    }

    /// <summary>Where its routes lead.</summary>
    internal bool HasRoute(IpPrefix destination)
    {
        foreach (RouteEntry route in _host.GetRoutes(Namespace))
        {
            if (route.Destination == destination)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>Lets it go.</summary>
    public void Dispose() => Namespace.Dispose();
}
