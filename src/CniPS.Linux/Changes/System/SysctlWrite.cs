using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>Sets a kernel parameter (proc_sys(5)).</summary>
/// <param name="Namespace">Whose.</param>
/// <param name="Name">Below /proc/sys, with slashes, so that a dot in an interface's name stays one: <c>net/ipv4/conf/eth0.5/arp_notify</c>.</param>
/// <param name="Value">The new value.</param>
public sealed record SysctlWrite(NetworkNamespace Namespace, string Name, string Value) : NamespaceChange(Namespace)
{
    /// <summary>Whether a kernel without the parameter (or with a read-only /proc/sys) is no error.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the old value matters; it does not for a link that this operation made itself.</summary>
    public bool KeepOld { get; init; } = true;

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            string assignment = ShellText.Quote($"{Name}={Value}");
            string command = ShellText.Inside(Namespace, $"sysctl -qw {assignment}");
            return Optional ? command + " || true" : command;
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"set kernel parameter {Name} to {Value}";

    // System calls only: it runs inside the namespace. Returns 0 or the errno.
    internal unsafe int Write(out string? old)
    {
        old = KeepOld ? Read(Name) : null;
        if (old == Value)
        {
            return 0;
        }

        if (Name.Contains('\0'))
        {
            return Errno.EINVAL;
        }

        int fd = LibC.open("/proc/sys/" + Name, LibC.O_WRONLY | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            int refused = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            return !KeepOld && Read(Name) == Value ? 0 : refused; // it needn't be written, and often can't be: /proc/sys is read-only in containers
        }

        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Value.Length)];
        int length = Encoding.UTF8.GetBytes(Value, bytes);
        int errno = 0;
        fixed (byte* p = bytes)
        {
            if (LibCAhead.write(fd, p, length) != length)
            {
                errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            }
        }

        LibCAhead.close(fd);
        return errno;
    }

    // System calls only. Null where there is no such parameter.
    internal static unsafe string? Read(string name)
    {
        if (name.Contains('\0'))
        {
            return null;
        }

        int fd = LibC.open("/proc/sys/" + name, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return null;
        }

        byte* buffer = stackalloc byte[4096];
        long n = LibCAhead.read(fd, buffer, 4096);
        LibCAhead.close(fd);
        return n < 0 ? null : Encoding.UTF8.GetString(buffer, (int)n).TrimEnd('\n');
    }

    internal Applied Made(string? old) =>
        new(this, KeepOld && old is not null && old != Value ? this with { Value = old, KeepOld = false } : null);

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).ReadSysctl(Name) == Value;

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        string? old = KeepOld ? network.ReadSysctl(Name) : null;
        network.WriteSysctl(Name, Value);
        return Made(old);
    }
}
