using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Sockets;

namespace CniPS.Node.Serving;

/// <summary>The sockets that systemd holds for this process (sd_listen_fds(3)), by their paths.</summary>
internal sealed class Activation
{
    private const int First = 3; // SD_LISTEN_FDS_START
    private const string ProcessVariable = "LISTEN_PID", CountVariable = "LISTEN_FDS";

    private readonly Dictionary<string, int> _sockets = [];

    private Activation()
    {
    }

    /// <summary>Takes them. The variables stay: they name this process, and hold for none that it starts.</summary>
    internal static Activation Take()
    {
        Activation activation = new();
        if (Environment.GetEnvironmentVariable(ProcessVariable) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && int.TryParse(Environment.GetEnvironmentVariable(CountVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            for (int i = First; i < First + count; i++)
            {
                using Socket socket = new(new SafeSocketHandle(i, ownsHandle: false));
                activation._sockets[$"{socket.LocalEndPoint}"] = i;
            }
        }

        return activation;
    }

    /// <summary>The descriptor of the socket at a path; null where that is not among them.</summary>
    internal int? Find(string path) => _sockets.TryGetValue(path, out int descriptor) ? descriptor : null;

    /// <summary>The descriptor of a socket that is at none of some paths: a unit may have put it elsewhere.</summary>
    internal int? Other(params ReadOnlySpan<string> paths)
    {
        foreach ((string path, int descriptor) in _sockets)
        {
            if (!paths.Contains(path))
            {
                return descriptor;
            }
        }

        return null;
    }
}
