using System;
using System.IO;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>host-local alone, on a folder of its own: no kernel, no privilege.</summary>
internal sealed class IpamBench : IDisposable
{
    private readonly LinuxHost _host = new();

    internal string Folder { get; } = Directory.CreateTempSubdirectory("cnips-ipam-").FullName;

    internal string Leases => Path.Combine(Folder, "net");

    /// <summary>A request's configuration; keys of ipam and of the top level are written as given.</summary>
    internal byte[] Config(string ipam, string top = "", string version = "1.0.0") => Encoding.UTF8.GetBytes(
        $$"""{"cniVersion":"{{version}}","name":"net","type":"x",{{(top.Length > 0 ? top + "," : "")}}"ipam":{"type":"host-local","dataDir":"{{Folder}}",{{ipam}} } }""");

    internal CniResult? Run(CniVerb verb, string id, string ipam, string args = "", string top = "", string version = "1.0.0", string ifname = "eth0")
    {
        PluginInvoker invoker = new(_host, RuntimeOptions.Default with { PluginSource = PluginSource.Native });
        Transaction transaction = new(_host);
        using PluginContext context = new() { Host = _host, Transaction = transaction, Plugins = invoker };
        PluginRequest request = new()
        {
            Verb = verb, ContainerId = id, InterfaceName = ifname, NetNS = "/none", Args = CniArgs.Parse(args), Config = Config(ipam, top, version),
        };
        try
        {
            CniResult? result = invoker.Invoke("host-local", request, context);
            if (context.Differences.Count > 0)
            {
                throw new CniException("Differs", CniErrorCode.Internal, context.Differences[0].Message);
            }

            return result;
        }
        catch (CniException)
        {
            transaction.Rollback();
            throw;
        }
    }

    /// <summary>The addresses that ADD gives, separated by spaces; or the error's message.</summary>
    internal string Add(string id, string ipam, string args = "", string top = "", string version = "1.0.0", string ifname = "eth0")
    {
        try
        {
            CniResult result = Run(CniVerb.Add, id, ipam, args, top, version, ifname)!;
            using JsonDocument json = JsonDocument.Parse(result.ToJson());
            StringBuilder text = new();
            foreach (CniIPConfig ip in result.ConvertTo("1.1.0").Ips)
            {
                text.Append(text.Length > 0 ? " " : "").Append($"{ip.Address} {ip.Gateway}");
            }

            return text.ToString();
        }
        catch (CniException e)
        {
            return e.Message;
        }
    }

    internal void Delete(string id, string ipam, string ifname = "eth0") => Run(CniVerb.Delete, id, ipam, ifname: ifname);

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
