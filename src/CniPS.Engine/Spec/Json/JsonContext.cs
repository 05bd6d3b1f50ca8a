using System;

namespace CniPS.Spec;

/// <summary>What a value being read belongs to: it knows how to say what is wrong with it.</summary>
internal abstract class JsonContext
{
    /// <summary>Is told of every key that is asked for, with the object it is asked of; null where nobody wants to know.</summary>
    public Action<JsonPath, string>? Asked { get; set; }

    /// <summary>An error about a value.</summary>
    /// <param name="path">The value's path.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="action">What to do.</param>
    public abstract CniException Error(JsonPath path, string message, string? action = null);

    /// <summary>Throws an error; or collects it, where all are wanted.</summary>
    public virtual void Report(CniException error) => throw error;

    /// <summary>How a person calls the value.</summary>
    public virtual string Describe(JsonPath path) => path.Parent is null ? "the document" : $"key \"{path}\"";
}
