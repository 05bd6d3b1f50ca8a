using CniPS.Pictures;

namespace CniPS;

/// <summary>A line of the tree that Show-CniAttachment draws. It is coloured where it is displayed; as a text it is plain.</summary>
public sealed class CniTreeLine
{
    internal CniTreeLine(TopologyTreeLine line)
    {
        Indent = line.Indent;
        Name = line.Name;
        Detail = line.Detail;
        Kind = line.Kind;
        Standing = line.Standing.ToString();
    }

    /// <summary>What it is about: an interface, a namespace, a port.</summary>
    public string Name { get; }

    /// <summary>What it is: host, uplink, bridge, veth, link, container, address, masquerade, port.</summary>
    public string Kind { get; }

    /// <summary>More of it, such as its addresses.</summary>
    public string Detail { get; }

    /// <summary>How it stands to a plan.</summary>
    public string Standing { get; }

    /// <summary>The lines that lead to it.</summary>
    public string Indent { get; }

    /// <summary>The whole line.</summary>
    public string Text => Detail.Length == 0 ? Indent + Name : $"{Indent}{Name}  {Detail}";

    /// <summary>The whole line.</summary>
    public override string ToString() => Text;
}
