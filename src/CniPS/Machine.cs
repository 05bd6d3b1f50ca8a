using System;
using System.Collections.Generic;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;

namespace CniPS;

/// <summary>
/// This machine, shared by all runspaces of the process: one <see cref="LinuxHost"/> for each network namespace that the process has been
/// in, made when it is first needed. Whoever uses it borrows it, so that removing the module in one runspace takes nothing from another.
/// </summary>
internal static class Machine
{
    private static readonly object s_gate = new();
    private static readonly List<Shared> s_hosts = []; // nearly always one

    /// <summary>Borrows the machine as the calling thread sees it.</summary>
    internal static Loan Borrow()
    {
        NamespaceId current = NetworkNamespace.CurrentId();
        lock (s_gate)
        {
            Shared? shared = s_hosts.Find(candidate => candidate.Host.Namespace.Id == current);
            if (shared is null)
            {
                s_hosts.Add(shared = new Shared(new LinuxHost()));
            }

            shared.Users++;
            return new Loan(shared);
        }
    }

    /// <summary>Closes what nobody uses, and the rest as soon as it is given back.</summary>
    internal static void Retire()
    {
        List<Shared> idle = [];
        lock (s_gate)
        {
            foreach (Shared shared in s_hosts)
            {
                shared.IsRetired = true;
                if (shared.Users == 0)
                {
                    idle.Add(shared);
                }
            }

            s_hosts.Clear();
        }

        idle.ForEach(shared => shared.Host.Dispose());
    }

    private static void GiveBack(Shared shared)
    {
        bool isLast;
        lock (s_gate)
        {
            isLast = --shared.Users == 0 && shared.IsRetired;
        }

        if (isLast)
        {
            shared.Host.Dispose();
        }
    }

    /// <summary>The machine, for as long as this is not disposed.</summary>
    internal sealed class Loan : IDisposable
    {
        private Shared? _shared;

        internal Loan(Shared shared) => _shared = shared;

        internal LinuxHost Host => _shared?.Host ?? throw new ObjectDisposedException(nameof(Loan));

        public void Dispose()
        {
            if (_shared is { } shared)
            {
                _shared = null;
                GiveBack(shared);
            }
        }
    }

    internal sealed class Shared(LinuxHost host)
    {
        internal LinuxHost Host { get; } = host;

        internal int Users { get; set; }

        internal bool IsRetired { get; set; }
    }
}
