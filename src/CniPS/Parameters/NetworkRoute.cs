using System;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>A route that containers on a network get.</summary>
public sealed record NetworkRoute
{
    /// <summary>Where to.</summary>
    public IpPrefix Destination { get; init; }

    /// <summary>The next hop; null for the gateway of the subnet.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Reads <c>10.0.0.0/8</c>, <c>10.0.0.0/8 via 10.1.0.1</c>, <c>default</c>, <c>default via fd00::1</c>.</summary>
    /// <exception cref="FormatException">It is no route.</exception>
    public static NetworkRoute Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        IPAddress? gateway = null;
        bool isRoute = words.Length == 1 || (words.Length == 3 && words[1] == "via" && IpText.TryParse(words[2], out gateway));
        IpPrefix destination = default;
        if (isRoute && words[0] == "default")
        {
            destination = IpPrefix.Default(gateway?.AddressFamily ?? AddressFamily.InterNetwork);
        }
        else if (!isRoute || !IpPrefix.TryParse(words[0], out destination))
        {
            throw new FormatException(
                $"\"{text}\" is no route: write a destination, such as 10.0.0.0/8 or default, and, if need be, via and a gateway.");
        }

        return new NetworkRoute { Destination = destination, Gateway = gateway };
    }

    /// <summary>The route as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Gateway is null ? Destination.ToString() : $"{Destination} via {Gateway}";
}
