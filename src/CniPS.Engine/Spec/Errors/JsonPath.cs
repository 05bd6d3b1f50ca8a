using System;
using System.Globalization;

namespace CniPS.Spec;

/// <summary>
/// The way from the top of a JSON text to a value in it, as in <c>ipam.ranges[0][1].rangeStart</c>. A path is immutable and shares its
/// beginning with the paths that go on from it.
/// </summary>
public sealed class JsonPath
{
    private readonly JsonPath? _parent;
    private readonly string? _name;
    private readonly int _index;

    private JsonPath(JsonPath? parent, string? name, int index)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>The whole text's own value.</summary>
    public static JsonPath Root { get; } = new(null, null, 0);

    /// <summary>The path of the value around this one; null for <see cref="Root"/>.</summary>
    public JsonPath? Parent => _parent;

    /// <summary>The property's name; null for an array's element and for <see cref="Root"/>.</summary>
    public string? Name => _name;

    /// <summary>The place in an array, from 0; 0 where <see cref="Name"/> is set.</summary>
    public int Index => _index;

    /// <summary>The path of a property of the object at this path.</summary>
    /// <param name="name">The property's name.</param>
    public JsonPath Property(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new JsonPath(this, name, 0);
    }

    /// <summary>The path of an element of the array at this path.</summary>
    /// <param name="index">The element's place, from 0.</param>
    public JsonPath Element(int index) => new(this, null, index);

    /// <summary>This path, continued by another one.</summary>
    /// <param name="rest">A path that begins where this one ends.</param>
    public JsonPath Append(JsonPath rest)
    {
        ArgumentNullException.ThrowIfNull(rest);
        return rest._parent is null ? this : new JsonPath(Append(rest._parent), rest._name, rest._index);
    }

    /// <summary>Reads a path written as <see cref="ToString"/> writes it. A name can't contain <c>.</c> or <c>[</c> here.</summary>
    /// <param name="text">The path, for example <c>ipam.ranges[0][1].rangeStart</c>; empty for <see cref="Root"/>.</param>
    /// <exception cref="FormatException">An index is no number, or a bracket is not closed.</exception>
    public static JsonPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        JsonPath path = Root;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (rest[0] == '[')
            {
                int close = rest.IndexOf(']');
                if (close < 0 || !int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    throw new FormatException($"\"{text}\" is no JSON path.");
                }

                path = path.Element(index);
                rest = rest[(close + 1)..];
            }
            else
            {
                rest = rest[0] == '.' ? rest[1..] : rest;
                int end = rest.IndexOfAny('.', '[');
                ReadOnlySpan<char> name = end < 0 ? rest : rest[..end];
                path = path.Property(name.ToString());
                rest = rest[name.Length..];
            }
        }

        return path;
    }

    /// <summary>The path as a person writes it: <c>ipam.ranges[0][1].rangeStart</c>; empty for <see cref="Root"/>.</summary>
    public override string ToString()
    {
        if (_parent is null)
        {
            return "";
        }

        string before = _parent.ToString();
        return _name is null ? string.Create(CultureInfo.InvariantCulture, $"{before}[{_index}]")
            : before.Length == 0 ? _name
            : before + "." + _name;
    }
}
