using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>Reads resolv.conf(5) as the Go program does: several <c>search</c> and <c>options</c> lines add up, the last <c>domain</c> counts.</summary>
internal static class ResolvConf
{
    internal static CniDns Parse(byte[] content)
    {
        List<string> nameservers = [], search = [], options = [];
        string domain = "";
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            string text = line.Trim();
            if (text.Length == 0 || text[0] is '#' or ';')
            {
                continue;
            }

            string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
            {
                continue;
            }

            switch (words[0])
            {
                case "nameserver": nameservers.Add(words[1]); break;
                case "domain": domain = words[1]; break;
                case "search": search.AddRange(words[1..]); break;
                case "options": options.AddRange(words[1..]); break;
            }
        }

        return new CniDns { Nameservers = nameservers, Domain = domain, Search = search, Options = options };
    }
}
