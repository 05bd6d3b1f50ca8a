using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;

namespace CniPS.Tool.Commands;

/// <summary>A command on one attachment: a network, by name or file, and a namespace, by name or path.</summary>
internal abstract class AttachmentCommand : RuntimeCommand
{
    internal override string Operands => "<network> <netns>";

    internal override string Notes =>
        """
        The network is a name in the folder of networks, or a file; the namespace is a name (ip netns) or a path.
        An option stands before its environment variable.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [.. RuntimeSettings.Places, .. AttachmentOptions.All, .. RuntimeSettings.Telling];

    internal override Completes CompletesOperand(int index) => index == 0 ? Completes.Networks : Completes.Namespaces;

    protected override int Run(Session session)
    {
        IReadOnlyList<string> operands = session.Arguments.Positionals;
        Attachment attachment = AttachmentOptions.ToAttachment(operands.Count > 1 ? operands[1] : null, session.Arguments);
        bool isName = !NetworkNames.IsFile(operands[0]);
        return Run(session, (isName ? FindAttached(operands[0], attachment, session.Runtime.Cache) : null) ?? session.FindNetwork(operands[0]), attachment);
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(Session session, NetworkConfigurationList network, Attachment attachment);

    /// <summary>The network as the attachment that is there already was made with, or null.</summary>
    protected virtual NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) =>
        cache.Find(network, attachment.ContainerId, attachment.InterfaceName)?.Configuration;
}
