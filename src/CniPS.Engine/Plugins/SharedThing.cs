using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>
/// Something that attachments share: a bridge, its address, forwarding, nf_tables chains. Whoever makes it notes it first; a rollback
/// takes it away again only if this operation made it and, under the namespace's exclusive lock, nobody uses it.
/// </summary>
public abstract record SharedThing
{
    /// <summary>What it is, for the intent record.</summary>
    public abstract string Kind { get; }

    /// <summary>What takes it away, looked up under the exclusive lock; nothing if it is gone or in use.</summary>
    public abstract IReadOnlyList<Change> Removal(IHost host);

    /// <summary>Whether it is certainly not there any more, so that it can be forgotten. What is there may be another's by now.</summary>
    public abstract bool IsGone(IHost host);

    /// <summary>Writes its properties into the open JSON object of the intent record.</summary>
    public abstract void Write(Utf8JsonWriter writer);
}
