using System;
using System.Linq;
using CniPS.Facts;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS;

/// <summary>Something about an attachment that is not as it should be.</summary>
public sealed class CniDifference : IComparable<CniDifference>, IComparable
{
    private readonly bool _isFinal, _isNamespaceName;

    internal CniDifference(string network, Runtime.Attachment attachment, Difference difference)
    {
        Network = network;
        ContainerId = attachment.ContainerId;
        Interface = attachment.InterfaceName;
        Plugin = difference.PluginType;
        Subject = difference.Subject;
        Expected = difference.Expected;
        Actual = difference.Actual;
        Message = difference.Message;
        _isFinal = difference.IsFinal;
        _isNamespaceName = ContainerIds.Of(attachment.NetNS) == ContainerId;
        Repair = difference.Repair.Select(change => change.Text).ToLines();
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The container's id.</summary>
    public string ContainerId { get; }

    /// <summary>The interface's name in the container.</summary>
    public string Interface { get; }

    /// <summary>The plugin that found it.</summary>
    public string Plugin { get; }

    /// <summary>What: an address, a route, a rule.</summary>
    public string Subject { get; }

    /// <summary>What should be.</summary>
    public string Expected { get; }

    /// <summary>What is; null if it is missing altogether.</summary>
    public string? Actual { get; }

    /// <summary>The same as a sentence.</summary>
    public string Message { get; }

    /// <summary>The commands that mend it; none where only removing and adding again does.</summary>
    public CniList<string> Repair { get; }

    /// <summary>The folder of the cache that knows the attachment.</summary>
    public string CachePath { get; internal init; } = Defaults.CachePath;

    /// <summary>By network, container and interface, then by what it is about.</summary>
    public int CompareTo(CniDifference? other) => other is null ? 1 : Order.Of(
        (Network, other.Network), (ContainerId, other.ContainerId), (Interface, other.Interface), (Subject, other.Subject), (Message, other.Message));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The sentence.</summary>
    public override string ToString() => Message;

    /// <summary>The error that says it.</summary>
    /// <param name="afterRepair">Whether all that changes can do has been done.</param>
    internal CniException ToException(bool afterRepair = false) => new(ModuleErrorIds.AttachmentDiffers, CniErrorCode.Internal, Message)
    {
        PluginType = Plugin.Length > 0 ? Plugin : null,
        Verb = "CHECK",
        Target = this,
        RecommendedAction = _isFinal ? $"{Command("Remove-CniAttachment")} clears what is left of it."
            : afterRepair || Repair.Count == 0 ? $"{Command("Repair-CniAttachment")} -Recreate removes the attachment and adds it again."
            : Command("Repair-CniAttachment"),
    };

    /// <summary>A command about the attachment, as it would be typed.</summary>
    private string Command(string command)
    {
        string container = CommandText.Quote(ContainerId);
        return string.Concat(
            $"{command} {CommandText.Quote(Network)} ",
            _isNamespaceName ? container : $"-ContainerId {container}",
            Interface == Defaults.Interface ? "" : $" -Interface {CommandText.Quote(Interface)}",
            CachePath == Defaults.CachePath ? "" : $" -CachePath {CommandText.Quote(CachePath)}");
    }
}
