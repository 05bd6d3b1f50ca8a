using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;

namespace CniPS.Plugins.Meta;

/// <summary>
/// Whether iptables drops what is forwarded. What nf_tables' own chain accepts comes to iptables' FORWARD all the same, and ends there if
/// its policy is DROP and none of its rules lets it through.
/// </summary>
internal static class ForwardPolicy
{
    private const string Forward = "FORWARD", Accept = "ACCEPT";

    /// <summary>The program whose FORWARD drops whatever is forwarded; null for none. No program is run where the kernel has no such chain.</summary>
    /// <param name="host">The machine.</param>
    internal static string? FindDropping(IHost host)
    {
        IIptablesView view = host.Iptables(host.Namespace);
        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable filter = new(v6, "filter");
            if (view.IsAvailable(v6) && view.MayHave(filter))
            {
                IptablesContent content = view.Read(filter);
                if (content.PolicyOf(Forward) == "DROP" && !Accepts(content, Forward, []))
                {
                    return v6 ? "ip6tables" : "iptables";
                }
            }
        }

        return null;
    }

    // Whether any rule on the way may let something through: whose packets, nobody can tell before there are containers.
    private static bool Accepts(IptablesContent content, string chain, HashSet<string> seen)
    {
        foreach (IptablesRule rule in seen.Add(chain) ? content.RulesOf(chain) : [])
        {
            if (rule.Target == Accept || (rule.Target is { } target && content.HasChain(target) && Accepts(content, target, seen)))
            {
                return true;
            }
        }

        return false;
    }
}
