using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins.Meta;

/// <summary>
/// Runtimes give a container's ports to each of its networks. A port leads there by the network that was first; the others wait
/// (<see cref="WaitingPorts"/>), and the next of them has the port when that is gone.
/// </summary>
internal sealed class NftablesPortTurns(IHost host, PluginCall call)
{
    private readonly string? _comment = NftComment.Fit(AttachmentComment.Of(call));

    private INftablesView View => host.Nftables(host.Namespace);

    /// <summary>Whether a port leads to the same container by another of its interfaces.</summary>
    internal bool IsAnotherInterface(NftElement? actual, NftElementAdd wanted) =>
        actual?.Data is NftValue to && to.Part(0) != ((NftValue)wanted.Data!).Part(0) && MayFollow(actual.Comment);

    /// <summary>What is there in place of another element of the same key.</summary>
    internal static List<NftChange> Replace(NftElementAdd wanted, NftElement? actual) =>
        actual is null ? [wanted] : actual == wanted.Element ? [] : [new NftElementDelete(wanted.Namespace, wanted.Set, wanted.Key), wanted];

    /// <summary>CHECK of a port that leads to another interface: this one must be waiting for it.</summary>
    internal void Check(ForwardedPort port, NftElementAdd wanted, List<Difference> differences)
    {
        NftElementAdd waiting = WaitingPorts.Add(wanted);
        NftElement? actual = View.FindElement(waiting.Set, waiting.Key);
        if (actual != waiting.Element)
        {
            IReadOnlyList<NftChange> repair = Replace(waiting, actual);
            differences.Add(new Difference(
                $"host port {PortTaken.Describe(port)}", wanted.Data!.ToString()!, null,
                $"missing hostport rules: host port {PortTaken.Describe(port)} leads to the container by another network, and would not lead here without that")
            {
                Repair = [.. WaitingPorts.Missing(View, repair), .. repair],
            });
        }
    }

    /// <summary>What closes the ports that are this attachment's, each to who is next, and ends its waiting for others.</summary>
    /// <param name="ports">What opened them.</param>
    internal List<NftChange> Own(IReadOnlyList<NftElementAdd> ports)
    {
        List<NftChange> changes = [];
        Dictionary<NftSet, IReadOnlyList<WaitingPort>> lines = [];
        foreach (NftElementAdd port in ports)
        {
            if (!lines.TryGetValue(port.Set, out IReadOnlyList<WaitingPort>? line))
            {
                lines[port.Set] = line = WaitingPorts.Of(View, host.Namespace, port.Set);
            }

            if (View.FindElement(port.Set, port.Key)?.Comment == _comment)
            {
                changes.AddRange(PortForwarding.Close(new NftElementDelete(host.Namespace, port.Set, port.Key), line, next => MayFollow(next.Comment)));
            }

            foreach (WaitingPort waiting in line)
            {
                if (waiting.Open.Key == port.Key && waiting.Comment == _comment)
                {
                    changes.Add(waiting.Leave);
                }
            }
        }

        return changes;
    }

    /// <summary>
    /// Gives ports that lead nowhere to those who wait for them. ADD on one network and DEL on another look for each other without a lock: each
    /// does so after its own change, so that at least one of the two sees the other's.
    /// </summary>
    /// <param name="ports">What opens them.</param>
    internal void Take(IReadOnlyList<NftElementAdd> ports)
    {
        HashSet<NftSet> maps = [];
        foreach (NftElementAdd port in ports)
        {
            foreach (WaitingPort waiting in maps.Add(port.Set) ? WaitingPorts.Of(View, host.Namespace, port.Set) : [])
            {
                if (AttachmentComment.IsOfContainer(waiting.Comment, call.ContainerId) && View.FindElement(port.Set, waiting.Open.Key) is null)
                {
                    Take(waiting);
                }
            }
        }
    }

    private void Take(WaitingPort waiting)
    {
        try
        {
            host.Apply([waiting.Leave, waiting.Open]);
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsNotFound: true } or LinuxException { IsExists: true })
        {
            // The other one has seen it, too.
        }
    }

    private bool MayFollow(string? comment) => comment != _comment && AttachmentComment.IsOfContainer(comment, call.ContainerId);
}
