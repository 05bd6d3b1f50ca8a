namespace CniPS.Tool.Cnitool;

/// <summary>The commands of cnitool. Their texts are its interface: scripts look for them.</summary>
internal static class CnitoolPages
{
    private const string Attachment = " <network-name> <netns> [flags]";

    /// <summary>cnitool itself.</summary>
    internal static CnitoolPage Root { get; } = new(
        "cnitool",
        "CNI Tool for managing network interfaces in a network namespace",
        "CNI Tool is a simple program that executes a CNI configuration.\n"
            + "It will add, check, remove, gc, or get status of an interface in an already-created network namespace.")
    {
        Commands =
        [
            On("add", "Add network interface to a network namespace",
                "This command will create a new network interface and add it to the specified network namespace."),
            On("check", "Check network interface in a network namespace",
                "This command will check if the network interface is properly configured in the specified network namespace."),
            new("completion", "Generate the autocompletion script for the specified shell",
                "Generate the autocompletion script for cnitool for the specified shell.\n"
                    + "See each sub-command's help for details on how to use the generated script.")
            {
                Commands =
                [
                    Shell("bash", "bash", "source <(cnitool completion bash)"),
                    Shell("fish", "fish", "cnitool completion fish | source"),
                    Shell("powershell", "powershell", "cnitool completion powershell | Out-String | Invoke-Expression"),
                    Shell("zsh", "zsh", "source <(cnitool completion zsh)"),
                ],
            },
            On("del", "Delete network interface from a network namespace",
                "This command will remove the network interface from the specified network namespace."),
            On("gc", "Garbage collect network interfaces",
                "This command will clean up unused network interfaces in the specified network namespace."),
            new("help", "Help about any command",
                "Help provides help for any command in the application.\nSimply type cnitool help [path to command] for full details.")
            {
                Operands = " [command] [flags]",
            },
            On("status", "Get status of network interfaces",
                "This command will retrieve the status of network interfaces in the specified network namespace."),
        ],
    };

    private static CnitoolPage On(string name, string summary, string more) => new(name, summary, $"{summary}.\n{more}") { Operands = Attachment };

    private static CnitoolPage Shell(string name, string called, string use) => new(
        name,
        $"Generate the autocompletion script for {called}",
        $"Generate the autocompletion script for {called}.\n\nTo load completions in your current shell session:\n\n\t{use}")
    {
        Operands = name == "bash" ? "" : " [flags]",
        HasNoDescriptions = true,
    };
}
