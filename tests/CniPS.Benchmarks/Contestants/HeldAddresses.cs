using System;
using System.IO;
using System.Threading;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Fills an address store as the Go program would.</summary>
internal static class HeldAddresses
{
    /// <summary>A network of which so many addresses are held by others.</summary>
    public static Network Network(string name, int held)
    {
        Network network = Stage.Network.AddressesOnly($"{name} {held}");
        Directory.CreateDirectory(network.Leases);
        for (int i = 1; i <= held; i++)
        {
            File.WriteAllText(Path.Combine(network.Leases, Address(i)), $"other{i}\r\neth0");
        }

        File.WriteAllText(Path.Combine(network.Leases, "last_reserved_ip.0"), Address(held));
        Thread.Sleep(TimeSpan.FromMilliseconds(50)); // files that are too new are looked at twice
        return network;
    }

    private static string Address(int number) => $"10.88.{(number + 1) / 256}.{(number + 1) % 256}";
}
