using System;
using System.Net;
using System.Text;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// An address that is given out, as its file has it: the file's name is the address, the content <c>containerID CR LF ifName</c>
/// (host-local's on-disk format; older files hold the container id alone).
/// </summary>
/// <param name="Address">The address.</param>
/// <param name="ContainerId">Who holds it.</param>
/// <param name="InterfaceName">On which interface; null in an old file.</param>
public sealed record Lease(IPAddress Address, string ContainerId, string? InterfaceName)
{
    private const string LineEnd = "\r\n";

    /// <summary>Whether nothing stands in the file: where there are no nameless files (O_TMPFILE), and in the Go program, it is made first and written then.</summary>
    internal bool IsEmpty => ContainerId.Length == 0;

    internal static string Content(string containerId, string interfaceName) => containerId + LineEnd + interfaceName;

    internal static Lease Parse(IPAddress address, byte[] content)
    {
        string text = Encoding.UTF8.GetString(content).Trim();
        int end = text.IndexOf(LineEnd, StringComparison.Ordinal);
        return end < 0 ? new Lease(address, text, null) : new Lease(address, text[..end], text[(end + LineEnd.Length)..]);
    }

    internal bool IsOf(string containerId, string interfaceName) => ContainerId == containerId && InterfaceName == interfaceName;

    internal bool IsOldOf(string containerId) => ContainerId == containerId && InterfaceName is null;
}
