using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// Where every value of a JSON text begins: for a text of which many positions are asked, which to read anew each time would take a time that
/// grows with the square of its length. It finds what <see cref="JsonLocator"/> finds.
/// </summary>
internal sealed class JsonPositions
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly string? _file;
    private readonly List<int> _lines = [0];
    private readonly Node _root;

    /// <summary>Reads a text, which is JSON.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="file">The file it came from, if any.</param>
    internal JsonPositions(ReadOnlyMemory<byte> text, string? file)
    {
        _text = text;
        _file = file;
        for (int at = 0; text.Span[at..].IndexOf((byte)'\n') is >= 0 and int next; at += next + 1)
        {
            _lines.Add(at + next + 1);
        }

        var reader = new Utf8JsonReader(text.Span, JsonText.ReaderOptions);
        reader.Read();
        _root = Read(ref reader, -1);
    }

    /// <summary>Where the value at a path begins, or its name; null where there is none.</summary>
    internal SourcePosition? Find(JsonPath path, bool atName) =>
        FindNode(path) is not { } node ? null
        : !atName ? At(node.Start)
        : node.NameStart >= 0 ? At(node.NameStart)
        : null;

    private Node? FindNode(JsonPath path) =>
        path.Parent is null ? _root
        : FindNode(path.Parent) is not { } parent ? null
        : path.Name is null ? parent.Element(path.Index)
        : parent.Property(path.Name);

    private SourcePosition At(int offset)
    {
        int line = _lines.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new SourcePosition(_file, line + 1, Encoding.UTF8.GetCharCount(_text.Span[_lines[line]..offset]) + 1);
    }

    private static Node Read(ref Utf8JsonReader reader, int nameStart)
    {
        Node node = new((int)reader.TokenStartIndex, nameStart);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    string name = reader.GetString()!;
                    int start = (int)reader.TokenStartIndex;
                    reader.Read();
                    node.Add(name, Read(ref reader, start));
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    node.Add(Read(ref reader, -1));
                }

                break;
        }

        return node;
    }

    private sealed class Node(int start, int nameStart)
    {
        private List<Node>? _elements;
        private Dictionary<string, Node>? _exact, _anyCase;

        internal int Start => start;

        internal int NameStart => nameStart;

        internal void Add(Node element) => (_elements ??= []).Add(element);

        // The last of a name counts.
        internal void Add(string name, Node value)
        {
            (_exact ??= new(StringComparer.Ordinal))[name] = value;
            (_anyCase ??= new(StringComparer.OrdinalIgnoreCase))[name] = value;
        }

        internal Node? Element(int index) => index < _elements?.Count ? _elements[index] : null;

        internal Node? Property(string name) =>
            _exact is null ? null
            : _exact.TryGetValue(name, out Node? found) || _anyCase!.TryGetValue(name, out found) ? found
            : null;
    }
}
