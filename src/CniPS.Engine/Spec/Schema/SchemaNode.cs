using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>One level of the keys that a plugin knows.</summary>
internal sealed class SchemaNode
{
    private const string AnyElement = "[]";
    private const string AnyName = "*";

    private readonly Dictionary<string, SchemaNode> _children = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Declares a path below this level.</summary>
    public void Add(string path)
    {
        SchemaNode node = this;
        foreach (string step in path.Replace(AnyElement, "." + AnyElement, StringComparison.Ordinal).Split('.'))
        {
            node = node.Child(step);
        }
    }

    /// <summary>The level below a key, declared by asking for it.</summary>
    public SchemaNode Child(string step)
    {
        if (!_children.TryGetValue(step, out SchemaNode? child))
        {
            _children[step] = child = new SchemaNode();
        }

        return child;
    }

    /// <summary>Compares a value with what is declared, and names the keys that are not.</summary>
    /// <param name="value">The value.</param>
    /// <param name="report">Takes the path of an unknown key, and the name that was probably meant.</param>
    public void FindUnknown(PluginConfigValue value, Action<JsonPath, string?> report)
    {
        if (_children.Count == 0)
        {
            return;
        }

        if (value.Json.ValueKind == JsonValueKind.Array && _children.TryGetValue(AnyElement, out SchemaNode? element))
        {
            foreach (PluginConfigValue item in value.AsArray()!)
            {
                element.FindUnknown(item, report);
            }
        }
        else if (value.Json.ValueKind == JsonValueKind.Object)
        {
            foreach ((string name, PluginConfigValue property) in value.AsObject()!.Properties())
            {
                if (_children.TryGetValue(name, out SchemaNode? child) || _children.TryGetValue(AnyName, out child))
                {
                    child.FindUnknown(property, report);
                }
                else
                {
                    report(property.Path, NearestWord.Find(name, _children.Keys));
                }
            }
        }
    }
}
