using System;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>Completes addresses that host-local can still give out on the network given: the first of each range.</summary>
public sealed class FreeAddressCompleter : Completion
{
    private const int Offered = 8;

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        if (given["Network"] is not { } network)
        {
            return;
        }

        NetworkConfigurationList list = new NetworkSource(System.IO.Path.GetFullPath).Load(new NetworkReference(network));
        using Machine.Loan machine = Machine.Borrow();
        int left = Offered;
        foreach (FreeAddresses free in LeaseInventory.Available(machine.Host, list))
        {
            byte[] bytes = free.First.GetAddressBytes();
            for (int i = 0; i < Offered && i < free.Count && left > 0; i++)
            {
                IPAddress address = new(bytes);
                if (address.ToString().StartsWith(given.Word, StringComparison.OrdinalIgnoreCase))
                {
                    candidates.Add(address.ToString(), $"free in {free.Subnet} of network {list.Name}");
                    left--;
                }

                Increment(bytes);
            }
        }
    }

    private static void Increment(byte[] address)
    {
        for (int i = address.Length - 1; i >= 0 && ++address[i] == 0; i--)
        {
        }
    }
}
