using System;
using CniPS.Spec;

namespace CniPS;

/// <summary>A network as it was named on a command line: by name, by file, or by an object that holds its configuration.</summary>
public sealed class NetworkReference
{
    /// <summary>Names a network.</summary>
    /// <param name="text">Its name, or the path of its file: with a <c>/</c> or a <c>~</c> at the start it is a path.</param>
    public NetworkReference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>Takes a network that has been read.</summary>
    /// <param name="list">Its configuration.</param>
    public NetworkReference(NetworkConfigurationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        Text = list.Name;
        List = list;
    }

    /// <summary>The name or path.</summary>
    public string Text { get; }

    /// <summary>The configuration, where an object was given.</summary>
    public NetworkConfigurationList? List { get; }

    /// <summary>The file that the object is in, where it says so.</summary>
    public string? File { get; init; }

    /// <summary>Whether it is certainly a path. (The name of an existing file with a usual ending is taken for one as well.)</summary>
    internal bool IsPath => List is null && (Text.Contains('/') || Text.StartsWith('~'));

    /// <summary>The name or path.</summary>
    public override string ToString() => Text;
}
