using System.Net;

namespace CniPS.Linux.Dhcp;

/// <summary>A message that a client wants sent.</summary>
/// <param name="Message">The message.</param>
/// <param name="Server">Whom to; null for everybody on the link.</param>
public sealed record DhcpTransmission(DhcpMessage Message, IPAddress? Server = null);
