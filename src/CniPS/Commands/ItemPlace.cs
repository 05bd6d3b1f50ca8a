using System;

namespace CniPS.Commands;

/// <summary>Which item an error is about: kept with it, since by the time it is told the command may have another one at hand.</summary>
/// <param name="Target">What an error record names as its target where the error itself names none.</param>
internal record ItemPlace(object? Target)
{
    /// <summary>What a message that doesn't say it is about: one error of many is to be told from the others.</summary>
    /// <param name="message">The message.</param>
    internal virtual string? SubjectOf(string message) => null;
}

/// <summary>An attachment, as it was named.</summary>
/// <param name="Container">The container's id, else the namespace.</param>
/// <param name="Interface">The interface's name.</param>
/// <param name="Network">The network.</param>
internal sealed record AttachmentPlace(string? Container, string Interface, string Network) : ItemPlace(Container ?? Network)
{
    /// <inheritdoc/>
    internal override string? SubjectOf(string message)
    {
        if (string.IsNullOrEmpty(Container) || (message.Contains(Container, StringComparison.Ordinal) && message.Contains(Network, StringComparison.Ordinal)))
        {
            return null;
        }

        string place = Interface == Defaults.Interface ? "" : $", interface {Interface}";
        return $"container {Container}{place}, network {Network}";
    }
}
