using System;
using System.Globalization;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// The place of the container's link. A link is made under a name of its own, a hash of network, container and interface, and renamed once it is
/// there: kernels before 6.14 refuse a name that the host has, too. The hash stays as its alias, so that what a killed ADD left can be told
/// from what was there before.
/// </summary>
internal sealed class ContainerLink
{
    /// <summary>Opens the container's namespace.</summary>
    /// <exception cref="CniException">There is none, or it has an interface of that name.</exception>
    internal ContainerLink(PluginCall call, PluginContext context)
    {
        Call = call;
        Context = context;
        Namespace = context.OpenNamespace(call.Request.NetNS);
        if (Namespace.Id == context.Host.Namespace.Id)
        {
            throw new CniException(
                CniErrorIds.InvalidNamespace,
                CniErrorCode.InvalidNetNS,
                "plugin's netns and netns from CNI_NETNS should not be the same")
            {
                Target = call.Request.NetNS,
                RecommendedAction = "Give the container a network namespace of its own.",
            };
        }

        if (context.Host.FindLink(Namespace, call.InterfaceName) is not null)
        {
            throw Taken(null);
        }
    }

    internal PluginCall Call { get; }

    internal PluginContext Context { get; }

    /// <summary>The container's namespace.</summary>
    internal NetworkNamespace Namespace { get; }

    /// <summary>Makes a link under its first name, then gives it its own.</summary>
    /// <param name="make">The change that makes it, given its first name.</param>
    /// <param name="more">What else it gets.</param>
    internal Link Make(Func<string, Change> make, Func<LinkSet, LinkSet>? more = null)
    {
        string first = FirstName(Call);
        Context.Apply(make(first));
        Link made = Context.Host.FindLink(Namespace, first)
            ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"link {first} vanished as soon as it was made");
        LinkSet rename = new(Namespace, made.Id)
        {
            Name = Call.InterfaceName,
            Alias = first,
            Undo = new LinkDelete(Namespace, new LinkId(Call.InterfaceName, made.Index)),
        };
        rename = more?.Invoke(rename) ?? rename;
        try
        {
            Context.Apply(rename);
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsExists: true })
        {
            throw Taken(e);
        }

        return made with { Name = Call.InterfaceName, Alias = first, Mac = rename.Mac ?? made.Mac, Mtu = rename.Mtu ?? made.Mtu };
    }

    /// <summary>Removes the container's link, if there is one.</summary>
    internal static void Remove(PluginCall call, PluginContext context)
    {
        if (TryOpen(call, context) is not { } container)
        {
            return;
        }

        string first = FirstName(call);
        if (context.Host.FindLink(container, call.InterfaceName) is { } link && (link.Alias == first || !context.OnlyOwn))
        {
            context.Apply(new LinkDelete(container, link.Id));
        }

        // A killed ADD got no further than this.
        if (context.Host.FindLink(container, first) is { } unfinished)
        {
            context.Apply(new LinkDelete(container, unfinished.Id));
        }
    }

    /// <summary>The container's namespace, or null where it is gone; something else in its place is an error.</summary>
    internal static NetworkNamespace? TryOpen(PluginCall call, PluginContext context)
    {
        if (call.Request.NetNS.Length == 0)
        {
            return null;
        }

        NetworkNamespace? container = context.TryOpenNamespace(call.Request.NetNS, out Exception? failure);
        return failure is NotANamespaceException { IsUnmounted: false } ? throw failure : container?.Id == context.Host.Namespace.Id ? null : container;
    }

    private static string FirstName(PluginCall call) =>
        string.Create(CultureInfo.InvariantCulture, $"cni{(uint)StableHash.Of($"{call.Network}\n{call.ContainerId}\n{call.InterfaceName}"):x8}");

    /// <summary>The error for a name that is taken.</summary>
    internal CniException Taken(Exception? cause) => new(
        CniErrorIds.InterfaceExists,
        CniErrorCode.Internal,
        $"the container has an interface \"{Call.InterfaceName}\" already: file exists",
        innerException: cause)
    {
        Target = Call.InterfaceName,
        RecommendedAction = "Give the attachment another -Interface, or remove the interface that is there.",
    };
}
