using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Makes a tap link that stays when nobody has it open (/dev/net/tun, TUNSETIFF and TUNSETPERSIST): a link whose other end is a program, as a
/// rule a virtual machine.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Who may open it, and how often.</param>
public sealed record TapAdd(NetworkNamespace Namespace, string Name, TunSettings Settings) : NamespaceChange(Namespace)
{
    private const string Device = "/dev/net/tun";

    /// <summary>
    /// The SELinux context that the link belongs to: that of the process that makes it. So one is run in it (runcon(1)); null for this process's own.
    /// </summary>
    public string? SelinuxContext { get; init; }

    /// <inheritdoc/>
    public override string Text => SelinuxContext is { } context
        ? ShellText.Inside(Namespace, $"runcon {ShellText.Quote(context)} ip {string.Join(' ', Arguments())}")
        : ShellText.Ip(Namespace, string.Join(' ', Arguments()));

    /// <inheritdoc/>
    public override string Operation => $"create tap link {Name}";

    private string[] Arguments() => ["tuntap", "add", "name", Name, .. Settings.Text.Split(' ')];

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).Find(Name) is { } link && link.Kind == Settings.Kind;

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        Link link = network.Change(network.AddLink(Operation, Name, Settings.Kind, mtu: 0, isUp: false) with { Settings = Settings });
        return new Applied(this, new LinkDelete(Namespace, link.Id), link);
    }

    internal Applied Make()
    {
        if (SelinuxContext is { } context)
        {
            RunIn(context);
        }
        else
        {
            int errno = Namespace.Run(Open);
            if (errno != 0)
            {
                throw new LinuxException(Operation, Math.Abs(errno));
            }
        }

        return new Applied(this, new LinkDelete(Namespace, new LinkId(Name, 0)));
    }

    // System calls only: it runs inside the namespace. Returns 0 or the errno.
    private unsafe int Open()
    {
        int fd = LibC.open(Device, LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        ifreq request = default;
        Encoding.UTF8.GetBytes(Name, new Span<byte>(request.ifr_name, Tun.IFNAMSIZ - 1));
        request.ifr_flags = (short)(Tun.IFF_TAP | Tun.IFF_NO_PI | Tun.IFF_TUN_EXCL | (Settings.MultiQueue ? Tun.IFF_MULTI_QUEUE : 0));
        bool made = LibC.ioctl(fd, Tun.TUNSETIFF, &request) == 0
            && (Settings.Owner is not { } owner || LibC.ioctl(fd, Tun.TUNSETOWNER, (void*)(nuint)owner) == 0)
            && (Settings.Group is not { } group || LibC.ioctl(fd, Tun.TUNSETGROUP, (void*)(nuint)group) == 0)
            && LibC.ioctl(fd, Tun.TUNSETPERSIST, (void*)1) == 0;
        int errno = made ? 0 : Marshal.GetLastPInvokeError();
        LibCAhead.close(fd); // one that isn't persistent goes with it
        return errno;
    }

    private void RunIn(string context)
    {
        ProgramCommand command = new("runcon")
        {
            Arguments = [context, "ip", .. Arguments()],
            Environment = [new KeyValuePair<string, string>("PATH", Environment.GetEnvironmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin")],
        };
        ProgramOutcome outcome = ProgramRunner.Run(command, Namespace, CancellationToken.None);
        if (!outcome.Succeeded)
        {
            throw new ProgramFailedException(Operation, outcome);
        }
    }
}
