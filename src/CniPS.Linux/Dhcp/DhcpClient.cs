using System;
using System.Net;

namespace CniPS.Linux.Dhcp;

/// <summary>
/// A DHCP client as a state machine (RFC 2131, 4.4): it is told the time and what came in, and says what to send. It has no socket, clock or
/// thread. An interface of a container can't change its address once it has it: a server that gives another one ends the lease.
/// </summary>
/// <param name="settings">How it introduces itself.</param>
/// <param name="random">Numbers from 0 to below 1, for transaction numbers, and so that clients don't send all at once.</param>
public sealed class DhcpClient(DhcpClientSettings settings, Func<double> random)
{
    private const int QuickAttempts = 5;

    private uint _transaction;
    private int _attempt;
    private TimeSpan _began, _requested, _sent, _next = TimeSpan.MaxValue;
    private TimeSpan _renewal, _rebinding, _expiry;
    private DhcpMessage? _offer;

    /// <summary>What it is at.</summary>
    public DhcpState State { get; private set; }

    /// <summary>The lease; the last one once it has ended, null before there was any.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>Why it ended.</summary>
    public string? Failure { get; private set; }

    /// <summary>When the lease ends, on the clock that it is told.</summary>
    public TimeSpan Expiry => _expiry;

    /// <summary>When it is to be told the time again; what came in is told at once.</summary>
    public TimeSpan Deadline => State switch
    {
        DhcpState.Ended => TimeSpan.MaxValue,
        DhcpState.Bound => _renewal,
        DhcpState.Renewing => Least(_next, _rebinding),
        DhcpState.Requesting => Least(Least(_next, Limit), Later(_requested, settings.Timeout)),
        _ => Least(_next, Limit),
    };

    private TimeSpan Limit => Lease is null ? Later(_began, settings.ResendTimeout) : _expiry;

    /// <summary>Begins to look for servers.</summary>
    public DhcpTransmission Start(TimeSpan now)
    {
        Begin(now);
        return Discover(now);
    }

    /// <summary>The time has come that <see cref="Deadline"/> said.</summary>
    public DhcpTransmission? Tick(TimeSpan now)
    {
        if (now < Deadline)
        {
            return null;
        }

        switch (State)
        {
            case DhcpState.Bound:
                State = DhcpState.Renewing;
                Begin(now);
                return Prolong(now);
            case DhcpState.Renewing when now >= _rebinding:
                State = DhcpState.Rebinding;
                Begin(now);
                return Prolong(now);
            case DhcpState.Renewing:
                return Prolong(now);
            case DhcpState.Ended:
                return null;
        }

        if (now >= Limit)
        {
            return End(Lease is null ? "no more tries" : "the lease has run out");
        }

        return State switch
        {
            DhcpState.Rebinding => Prolong(now),
            DhcpState.Requesting when now < Later(_requested, settings.Timeout) => Take(now),
            _ => Discover(now),
        };
    }

    /// <summary>A message came in.</summary>
    public DhcpTransmission? Receive(DhcpMessage message, TimeSpan now)
    {
        bool isMine = message.IsReply && message.TransactionId == _transaction && message.Mac == settings.Mac;
        switch (State, message.Type)
        {
            case (DhcpState.Selecting, DhcpMessageType.Offer) when isMine:
                return Choose(message, now);
            case (DhcpState.Requesting, DhcpMessageType.Ack) when isMine:
            case (DhcpState.Renewing or DhcpState.Rebinding, DhcpMessageType.Ack) when isMine:
                return Keep(message);
            case (DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding, DhcpMessageType.Nak) when isMine:
                State = DhcpState.Init; // and, having had a lease, asks for the same address again
                _attempt = 0;
                _next = now + Pause();
                return null;
            default:
                return null;
        }
    }

    /// <summary>Gives the lease back, if there is one, and ends.</summary>
    public DhcpTransmission? Release()
    {
        DhcpLease? lease = State == DhcpState.Ended ? null : Lease;
        End("released");
        if (lease?.Server is not { } server)
        {
            return null;
        }

        NewTransaction();
        DhcpMessage message = new()
        {
            TransactionId = _transaction,
            Mac = settings.Mac,
            ClientAddress = lease.Address,
            Options = Type(DhcpMessageType.Release).Set(DhcpOptionCode.ServerIdentifier, server),
        };
        return new DhcpTransmission(message, server);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan time, TimeSpan span) => span >= TimeSpan.MaxValue - time ? TimeSpan.MaxValue : time + span;

    private void Begin(TimeSpan now)
    {
        _began = now;
        _attempt = 0;
        NewTransaction();
    }

    private void NewTransaction() => _transaction = (uint)(random() * uint.MaxValue);

    // The first one is short: a link that was just set up may lose a packet. Then the Go plugin's: quick ones, 2 seconds each, then 4, 8, 16,
    // ... up to the longest, give or take a second.
    private TimeSpan Pause()
    {
        if (_attempt == 0)
        {
            _attempt++;
            return TimeSpan.FromSeconds(0.5);
        }

        TimeSpan pause = _attempt < QuickAttempts
            ? TimeSpan.FromSeconds(2)
            : Least(TimeSpan.FromSeconds(4 * Math.Pow(2, Math.Min(_attempt - QuickAttempts, 16))), settings.ResendMax);
        _attempt++;
        return pause + TimeSpan.FromSeconds((2 * random()) - 1);
    }

    private DhcpTransmission Discover(TimeSpan now)
    {
        if (State != DhcpState.Selecting)
        {
            NewTransaction();
        }

        State = DhcpState.Selecting;
        DhcpOptions options = Type(DhcpMessageType.Discover);
        return Send(now, (Lease?.Address ?? settings.Wanted) is { } wanted ? options.Set(DhcpOptionCode.RequestedAddress, wanted) : options, IPAddress.Any);
    }

    private DhcpTransmission? Choose(DhcpMessage offer, TimeSpan now)
    {
        if (offer.YourAddress.Equals(IPAddress.Any) || offer.Options.GetAddress(DhcpOptionCode.ServerIdentifier) is null)
        {
            return null;
        }

        if (Lease is not null && !offer.YourAddress.Equals(Lease.Address))
        {
            return End($"the server wants the address to change from {Lease.Address} to {offer.YourAddress}");
        }

        State = DhcpState.Requesting;
        _offer = offer;
        _requested = now;
        _attempt = 0;
        return Take(now);
    }

    private DhcpTransmission Take(TimeSpan now) => Send(
        now,
        Type(DhcpMessageType.Request)
            .Set(DhcpOptionCode.RequestedAddress, _offer!.YourAddress)
            .Set(DhcpOptionCode.ServerIdentifier, _offer.Options.GetAddress(DhcpOptionCode.ServerIdentifier)!),
        IPAddress.Any);

    private DhcpTransmission Prolong(TimeSpan now) =>
        Send(now, Type(DhcpMessageType.Request), Lease!.Address, State == DhcpState.Renewing ? Lease.Server : null);

    private DhcpTransmission Send(TimeSpan now, DhcpOptions options, IPAddress own, IPAddress? server = null)
    {
        options.Set(DhcpOptionCode.MaximumMessageSize, [1500 >> 8, 1500 & 0xff]);
        foreach ((byte code, byte[] value) in settings.Provided)
        {
            options.Set(code, value);
        }

        if (settings.Requested.Count > 0)
        {
            options.Set(DhcpOptionCode.ParameterRequestList, [.. settings.Requested]);
        }

        _sent = now;
        _next = now + Pause();
        DhcpMessage message = new()
        {
            TransactionId = _transaction,
            Seconds = (ushort)Math.Min((now - _began).TotalSeconds, ushort.MaxValue),
            Broadcast = settings.Broadcast && server is null,
            ClientAddress = own,
            Mac = settings.Mac,
            Options = options,
        };
        return new DhcpTransmission(message, server);
    }

    private DhcpOptions Type(DhcpMessageType type)
    {
        byte[] id = settings.ClientId;
        foreach ((byte code, byte[] value) in settings.Provided)
        {
            id = code == DhcpOptionCode.ClientIdentifier ? value : id;
        }

        return new DhcpOptions().Set(DhcpOptionCode.MessageType, [(byte)type]).Set(DhcpOptionCode.ClientIdentifier, id);
    }

    // The lease counts from when it was asked for: the server's clock began later, so it can't end earlier there (RFC 2131, 4.4.1).
    private DhcpTransmission? Keep(DhcpMessage ack)
    {
        if (ack.YourAddress.Equals(IPAddress.Any))
        {
            return null;
        }

        if (Lease is not null && !ack.YourAddress.Equals(Lease.Address))
        {
            return End($"the server has changed the address from {Lease.Address} to {ack.YourAddress}");
        }

        Lease = DhcpLease.From(ack);
        _renewal = Later(_sent, Lease.Renewal);
        _rebinding = Later(_sent, Lease.Rebinding);
        _expiry = Later(_sent, Lease.Time);
        State = DhcpState.Bound;
        return null;
    }

    private DhcpTransmission? End(string failure)
    {
        State = DhcpState.Ended;
        Failure = failure;
        return null;
    }
}
