using System.Collections.Generic;
using System.Text;

namespace CniPS.Tool.Cnitool;

/// <summary>A command of cnitool, with what it prints about itself, in cnitool's layout.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Short">What it does, in a line.</param>
/// <param name="Long">The same at length.</param>
internal sealed record CnitoolPage(string Name, string Short, string Long)
{
    private const string InterfaceFlag = "  -i, --ifname string   Interface name (defaults to env var CNI_IFNAME or 'eth0')\n";

    private const string HelpFlag = "-h, --help", NoDescriptionsFlag = "    --no-descriptions";

    /// <summary>What it belongs to; null for cnitool itself.</summary>
    internal CnitoolPage? Parent { get; private init; }

    /// <summary>What stands behind its name; null for one that only has commands of its own.</summary>
    internal string? Operands { get; init; }

    /// <summary>Whether it has the flag <c>--no-descriptions</c>.</summary>
    internal bool HasNoDescriptions { get; init; }

    /// <summary>Its own commands, sorted.</summary>
    internal IReadOnlyList<CnitoolPage> Commands { get; init; } = [];

    /// <summary>How it is called: <c>cnitool completion bash</c>.</summary>
    internal string Path => Parent is null ? Name : $"{Parent.Path} {Name}";

    /// <summary>Its command of a name, or null.</summary>
    internal CnitoolPage? Find(string name)
    {
        foreach (CnitoolPage command in Commands)
        {
            if (command.Name == name)
            {
                return command with { Parent = this };
            }
        }

        return null;
    }

    /// <summary>What <c>--help</c> prints.</summary>
    internal string Help() => $"{Long}\n\n{Usage()}";

    /// <summary>What is printed behind an error.</summary>
    /// <param name="withHelpFlag">Without it: behind a help topic that is none.</param>
    internal string Usage(bool withHelpFlag = true)
    {
        var text = new StringBuilder("Usage:\n");
        text.Append(Operands is null ? $"  {Path} [command]\n" : $"  {Path}{Operands}\n");
        if (Commands.Count > 0)
        {
            text.Append("\nAvailable Commands:\n");
            foreach (CnitoolPage command in Commands)
            {
                text.Append($"  {command.Name,-11} {command.Short}\n");
            }
        }

        text.Append("\nFlags:\n");
        if (withHelpFlag)
        {
            int width = Parent is null ? 19 : HasNoDescriptions ? NoDescriptionsFlag.Length : HelpFlag.Length;
            text.Append($"  {HelpFlag.PadRight(width)}   help for {Name}\n");
        }

        text.Append(HasNoDescriptions ? $"  {NoDescriptionsFlag}   disable completion descriptions\n" : "");
        text.Append(Parent is null ? "" : "\nGlobal Flags:\n").Append(InterfaceFlag);
        text.Append(Commands.Count > 0 ? $"\nUse \"{Path} [command] --help\" for more information about a command.\n" : "");
        return text.ToString();
    }
}
