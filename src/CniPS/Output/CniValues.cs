using System;
using System.Linq;
using System.Management.Automation;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// What PowerShell has behind properties that are texts in the objects themselves: addresses that are ordered by number, lists of them, spans
/// of time, other objects. ConvertTo-Json writes the objects' own properties, so that other tools read texts; everybody else, such as
/// Where-Object and Sort-Object, asks these (CniPS.Types.ps1xml names each).
/// </summary>
public static class CniValues
{
    /// <summary>IPAddress.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress? IPAddress(PSObject item) => CniIPAddress.Of(Value(item) switch
    {
        CniAttachment attachment => attachment.FirstPrefix?.Address,
        CniLease lease => lease.Address,
        CniDhcpLease lease => lease.Address?.Address,
        CniPortMapping mapping => mapping.Port.Target.Address,
        CniPrefix prefix => prefix.ToIpPrefix().Address,
        _ => null,
    });

    /// <summary>HostIP of a port.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress? HostIP(PSObject item) => CniIPAddress.Of(((CniPortMapping)Value(item)).Port.HostAddress);

    /// <summary>Prefix.</summary>
    /// <param name="item">The object.</param>
    public static CniPrefix? Prefix(PSObject item) => CniPrefix.Of(Value(item) switch
    {
        CniAttachment attachment => attachment.FirstPrefix,
        CniLease lease => lease.SubnetPrefix,
        CniDhcpLease lease => lease.Address,
        _ => null,
    });

    /// <summary>Addresses of an attachment.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniPrefix> Addresses(PSObject item) => CniPrefix.ListOf(((CniAttachment)Value(item)).Prefixes);

    /// <summary>Gateway of an attachment.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress? Gateway(PSObject item) => CniIPAddress.Of(((CniAttachment)Value(item)).GatewayAddress);

    /// <summary>Gateway of a network.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniIPAddress> Gateways(PSObject item) =>
        ((CniNetwork)Value(item)).Facts.Gateways.Select(address => CniIPAddress.Of(address)).ToCniList();

    /// <summary>Subnet of a network.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniPrefix> Subnets(PSObject item) => CniPrefix.ListOf(((CniNetwork)Value(item)).Facts.Subnets);

    /// <summary>Subnet of a range.</summary>
    /// <param name="item">The object.</param>
    public static CniPrefix Subnet(PSObject item) => new(((CniAddressRange)Value(item)).Free.Subnet);

    /// <summary>First of a range.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress First(PSObject item) => new(((CniAddressRange)Value(item)).Free.First);

    /// <summary>Last of a range.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress Last(PSObject item) => new(((CniAddressRange)Value(item)).Free.Last);

    /// <summary>Server of a lease.</summary>
    /// <param name="item">The object.</param>
    public static CniIPAddress? Server(PSObject item) => CniIPAddress.Of(((CniDhcpLease)Value(item)).ServerAddress);

    /// <summary>PortMapping of an attachment.</summary>
    /// <param name="item">The object.</param>
    public static CniList<PortMapping> PortMapping(PSObject item) => ((CniAttachment)Value(item)).GivenPorts.ToCniList();

    /// <summary>CapabilityArgs of an attachment; null for none.</summary>
    /// <param name="item">The object.</param>
    public static CniCapabilityArgs? CapabilityArgs(PSObject item) =>
        ((CniAttachment)Value(item)).Given.CapabilityArgs is { Count: > 0 } given ? new CniCapabilityArgs(given) : null;

    /// <summary>CniArgs of an attachment; null for none.</summary>
    /// <param name="item">The object.</param>
    public static CniArgs? CniArgs(PSObject item) => ((CniAttachment)Value(item)).Given.Args is { IsEmpty: false } given ? given : null;

    /// <summary>Result of an attachment.</summary>
    /// <param name="item">The object.</param>
    public static CniAddResult? Result(PSObject item) => CniAddResult.Of(((CniAttachment)Value(item)).AddResult);

    /// <summary>PredictedResult of a plan.</summary>
    /// <param name="item">The object.</param>
    public static CniAddResult? PredictedResult(PSObject item) => CniAddResult.Of(((CniPlan)Value(item)).Plan.PredictedResult);

    /// <summary>Dns of an attachment or a result.</summary>
    /// <param name="item">The object.</param>
    public static CniResolver Dns(PSObject item) => new((Value(item) switch
    {
        CniAttachment attachment => attachment.AddResult,
        CniAddResult added => added.Result,
        _ => null,
    })?.Dns ?? CniDns.Empty);

    /// <summary>Interfaces of a result.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniAddedInterface> Interfaces(PSObject item) => CniAddedInterface.ListOf(((CniAddResult)Value(item)).Result);

    /// <summary>Ips of a result.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniAddedAddress> Ips(PSObject item) => CniAddedAddress.ListOf(((CniAddResult)Value(item)).Result);

    /// <summary>Routes of a result.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniAddedRoute> Routes(PSObject item) => CniAddedRoute.ListOf(((CniAddResult)Value(item)).Result);

    /// <summary>Steps of a plan.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniPlanStep> Steps(PSObject item) =>
        ((CniPlan)Value(item)).Plan.Steps.Select((step, index) => new CniPlanStep(index + 1, step)).ToCniList();

    /// <summary>Keys of a plugin.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniPluginKey> Keys(PSObject item) => ((CniPlugin)Value(item)).DeclaredKeys;

    /// <summary>Attachment of a lease or an interface.</summary>
    /// <param name="item">The object.</param>
    public static CniAttachment? Attachment(PSObject item) => Value(item) switch
    {
        CniLease lease => lease.Holder,
        CniInterfaceOwner owner => owner.Owner,
        _ => null,
    };

    /// <summary>Attachments of a namespace.</summary>
    /// <param name="item">The object.</param>
    public static CniList<CniAttachment> Attachments(PSObject item) => ((CniNamespace)Value(item)).Known.ToCniList();

    /// <summary>Duration of a call.</summary>
    /// <param name="item">The object.</param>
    public static TimeSpan Duration(PSObject item) => ((CniTrace)Value(item)).Took;

    /// <summary>Timeout of a service.</summary>
    /// <param name="item">The object.</param>
    public static TimeSpan Timeout(PSObject item) => ((CniDhcpService)Value(item)).Patience;

    private static object Value(PSObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.BaseObject;
    }
}
