using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A link whose other end is a program (linux/if_tun.h). It is made by <see cref="Changes.TapAdd"/>: rtnetlink makes none.</summary>
/// <param name="IsTap">Whether it carries frames; else packets.</param>
/// <param name="Owner">The user who may open it; null for any with CAP_NET_ADMIN.</param>
/// <param name="Group">The group that may.</param>
/// <param name="MultiQueue">Whether several may have it open at once, each with a queue.</param>
public sealed record TunSettings(bool IsTap, uint? Owner = null, uint? Group = null, bool MultiQueue = false) : LinkSettings(KindName)
{
    internal const string KindName = "tun";
    private const byte IFF_TAP = 2;

    /// <summary>As <c>ip tuntap add</c> takes it.</summary>
    public override string Text
    {
        get
        {
            StringBuilder text = new(IsTap ? "mode tap" : "mode tun");
            if (Owner is { } owner)
            {
                text.Append($" user {owner}");
            }

            if (Group is { } group)
            {
                text.Append($" group {group}");
            }

            return text.Append(MultiQueue ? " multi_queue" : "").ToString();
        }
    }

    internal override bool HasData => false;

    internal override void Write(NetlinkBatch batch)
    {
        // rtnetlink makes none of this kind.
    }

    internal static TunSettings Read(NetlinkAttributes data)
    {
        TunSettings settings = new(false);
        while (data.Next())
        {
            settings = data.Type switch
            {
                If.IFLA_TUN_OWNER => settings with { Owner = data.U32 },
                If.IFLA_TUN_GROUP => settings with { Group = data.U32 },
                If.IFLA_TUN_TYPE => settings with { IsTap = data.U8 == IFF_TAP },
                If.IFLA_TUN_MULTI_QUEUE => settings with { MultiQueue = data.U8 != 0 },
                _ => settings,
            };
        }

        return settings;
    }
}
