using System;
using System.Linq;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>What an attachment is searched by, besides its names: addresses, hardware addresses, its host's end, ports of the host.</summary>
/// <param name="addresses">Addresses, with wildcards; null for any.</param>
/// <param name="macs">Hardware addresses, with wildcards.</param>
/// <param name="hostInterfaces">Interfaces of the host, with wildcards.</param>
/// <param name="hostPorts">Ports of the host.</param>
internal sealed class AttachmentTraits(string[]? addresses, string[]? macs, string[]? hostInterfaces, ushort[]? hostPorts)
{
    private readonly Wildcards _addresses = new(Array.ConvertAll(addresses ?? [], Address));
    private readonly Wildcards _macs = new(Array.ConvertAll(macs ?? [], Mac));
    private readonly Wildcards _hostInterfaces = new(hostInterfaces);

    /// <summary>The interfaces of the host.</summary>
    internal Wildcards HostInterfaces => _hostInterfaces;

    /// <summary>Whether anything is asked that only an attachment can answer.</summary>
    internal bool NeedAttachment => macs is not null || hostInterfaces is not null || hostPorts is not null;

    /// <summary>Whether an attachment has all of them.</summary>
    internal bool Fit(CniAttachment attachment) =>
        (addresses is null || attachment.Prefixes.Any(prefix => FitAddress(prefix.Address)))
        && (macs is null || _macs.Fit(attachment.Mac))
        && (hostInterfaces is null || _hostInterfaces.Fit(attachment.HostInterface))
        && (hostPorts is null || attachment.GivenPorts.Any(port => hostPorts.Contains(port.HostPort)));

    /// <summary>Whether an address is one of them.</summary>
    internal bool FitAddress(IPAddress address) => _addresses.Fit(address.ToString());

    // However it is written: fd00::02, 10.1.0.2/24. What has wildcards stays as it is.
    private static string Address(string text) =>
        IpText.TryParse(text, out IPAddress? address) ? address.ToString() : IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix.Address.ToString() : text;

    private static string Mac(string text) => MacAddress.TryParse(text, out MacAddress mac) ? mac.ToString() : text;
}
