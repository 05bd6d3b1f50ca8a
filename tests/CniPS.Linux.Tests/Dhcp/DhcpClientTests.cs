using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Dhcp;

/// <summary>The client's states, by a clock and a server made up here.</summary>
public sealed class DhcpClientTests
{
    private static readonly MacAddress s_mac = new([0x0a, 0x58, 0x0a, 0x4d, 0x00, 0x32]);
    private static readonly IPAddress s_address = IPAddress.Parse("10.77.0.50"), s_server = IPAddress.Parse("10.77.0.1");

    private readonly DhcpClient _client = new(new DhcpClientSettings { Mac = s_mac, ClientId = [0, 0x61], Requested = [3, 1] }, () => 0.5);
    private TimeSpan _now = TimeSpan.FromSeconds(1000);

    [Fact]
    public void FourMessagesMakeALease()
    {
        DhcpMessage discover = Sent(_client.Start(_now), DhcpMessageType.Discover, null);
        Assert.Equal("3501013d020061390205dc37020301", Options(discover));
        DhcpMessage request = Sent(_client.Receive(Reply(discover, DhcpMessageType.Offer), _now), DhcpMessageType.Request, null);
        Assert.Equal("3501033d02006132040a4d003236040a4d0001390205dc37020301", Options(request));
        Assert.Equal(discover.TransactionId, request.TransactionId);
        Assert.Equal(IPAddress.Any, request.ClientAddress);
        Assert.Null(_client.Receive(Reply(request, DhcpMessageType.Ack), _now));
        Assert.Equal(DhcpState.Bound, _client.State);
        Assert.Equal(s_address, _client.Lease!.Address);
        Assert.Equal(_now + TimeSpan.FromSeconds(60), _client.Deadline);
        Assert.Equal(_now + TimeSpan.FromSeconds(120), _client.Expiry);
    }

    [Fact]
    public void NobodyAnswersAndItEndsInTime()
    {
        _client.Start(_now);
        List<double> times = [];
        while (_client.State != DhcpState.Ended)
        {
            TimeSpan before = _now;
            if (_client.Tick(_now = _client.Deadline) is { } again)
            {
                Sent(again, DhcpMessageType.Discover, null);
                times.Add((_now - before).TotalSeconds);
            }
        }

        Assert.Equal([0.5, 2, 2, 2, 2, 4, 8, 16, 32, 62, 62], times);
        Assert.Equal(1208, _now.TotalSeconds);
        Assert.Equal("no more tries", _client.Failure);
        Assert.Null(_client.Release());
    }

    [Fact]
    public void AServerThatDoesNotKeepItsOfferIsGivenUp()
    {
        DhcpMessage discover = _client.Start(_now).Message;
        _client.Receive(Reply(discover, DhcpMessageType.Offer), _now);
        TimeSpan offered = _now;
        DhcpTransmission? sent = null;
        while (sent is null || sent.Message.Type == DhcpMessageType.Request)
        {
            sent = _client.Tick(_now = _client.Deadline) ?? sent;
        }

        Assert.Equal(DhcpMessageType.Discover, sent.Message.Type);
        Assert.Equal(TimeSpan.FromSeconds(10), _now - offered);
    }

    [Fact]
    public void OthersMessagesAreNotItsOwn()
    {
        DhcpMessage discover = _client.Start(_now).Message;
        DhcpMessage offer = Reply(discover, DhcpMessageType.Offer);
        Assert.Null(_client.Receive(offer with { TransactionId = offer.TransactionId + 1 }, _now));
        Assert.Null(_client.Receive(offer with { Mac = new MacAddress([2, 0, 0, 0, 0, 1]) }, _now));
        Assert.Null(_client.Receive(offer with { IsReply = false }, _now));
        Assert.Null(_client.Receive(offer with { YourAddress = IPAddress.Any }, _now));
        Assert.Null(_client.Receive(Reply(discover, DhcpMessageType.Ack), _now));
        Assert.Equal(DhcpState.Selecting, _client.State);
    }

    [Fact]
    public void ALeaseIsRenewedWithItsServer()
    {
        Bind();
        Assert.Null(_client.Tick(_now + TimeSpan.FromSeconds(59)));
        DhcpMessage request = Sent(_client.Tick(_now += TimeSpan.FromSeconds(60)), DhcpMessageType.Request, s_server);
        Assert.Equal(DhcpState.Renewing, _client.State);
        Assert.Equal(s_address, request.ClientAddress);
        Assert.Equal("3501033d020061390205dc37020301", Options(request)); // neither address nor server (RFC 2131, table 5)
        Assert.Null(_client.Receive(Reply(request, DhcpMessageType.Ack), _now + TimeSpan.FromSeconds(1)));
        Assert.Equal(DhcpState.Bound, _client.State);
        Assert.Equal(_now + TimeSpan.FromSeconds(120), _client.Expiry); // counted from when it was asked for
    }

    [Fact]
    public void ThenAnyServerIsAskedAndThenItRunsOut()
    {
        Bind();
        TimeSpan bound = _now;
        _client.Tick(_now = _client.Deadline);
        while (_client.State == DhcpState.Renewing)
        {
            Assert.NotNull(_client.Tick(_now = _client.Deadline));
        }

        Assert.Equal(TimeSpan.FromSeconds(102), _now - bound);
        Assert.Equal(DhcpState.Rebinding, _client.State);
        while (_client.State == DhcpState.Rebinding)
        {
            if (_client.Tick(_now = _client.Deadline) is { } again)
            {
                Assert.Equal(s_address, Sent(again, DhcpMessageType.Request, null).ClientAddress);
            }
        }

        Assert.Equal(TimeSpan.FromSeconds(120), _now - bound);
        Assert.Equal("the lease has run out", _client.Failure);
        Assert.NotNull(_client.Lease);
    }

    [Fact]
    public void ARefusedLeaseIsAskedForAgainAndKeptIfTheAddressStays()
    {
        Bind();
        DhcpMessage request = _client.Tick(_now = _client.Deadline)!.Message;
        Assert.Null(_client.Receive(Reply(request, DhcpMessageType.Nak), _now));
        Assert.Equal(DhcpState.Init, _client.State);
        DhcpMessage discover = Sent(_client.Tick(_now = _client.Deadline), DhcpMessageType.Discover, null);
        Assert.Equal(s_address, discover.Options.GetAddress(DhcpOptionCode.RequestedAddress));
        request = Sent(_client.Receive(Reply(discover, DhcpMessageType.Offer), _now), DhcpMessageType.Request, null);
        _client.Receive(Reply(request, DhcpMessageType.Ack), _now);
        Assert.Equal(DhcpState.Bound, _client.State);
    }

    [Fact]
    public void AnotherAddressEndsTheLease()
    {
        Bind();
        DhcpMessage request = _client.Tick(_now = _client.Deadline)!.Message;
        Assert.Null(_client.Receive(Reply(request, DhcpMessageType.Ack) with { YourAddress = IPAddress.Parse("10.77.0.51") }, _now));
        Assert.Equal(DhcpState.Ended, _client.State);
        Assert.Equal("the server has changed the address from 10.77.0.50 to 10.77.0.51", _client.Failure);
        Assert.Equal(s_address, _client.Lease!.Address);
    }

    [Fact]
    public void WhatIsReleasedIsNamedToItsServer()
    {
        Bind();
        DhcpMessage release = Sent(_client.Release(), DhcpMessageType.Release, s_server);
        Assert.Equal(s_address, release.ClientAddress);
        Assert.Equal("3501073d02006136040a4d0001", Options(release));
        Assert.Equal(DhcpState.Ended, _client.State);
        Assert.Null(_client.Release());
        Assert.Null(_client.Tick(TimeSpan.MaxValue));
    }

    [Fact]
    public void AProvidedClientIdTakesThePlaceOfItsOwnEverywhere()
    {
        DhcpClient client = new(new DhcpClientSettings { Mac = s_mac, ClientId = [0, 0x61], Provided = [new(61, [0x78]), new(60, [0x79])], Broadcast = true }, () => 0.5);
        DhcpMessage discover = client.Start(_now).Message;
        Assert.True(discover.Broadcast);
        Assert.Equal("3501013d0178390205dc3c0179", Options(discover));
        DhcpMessage request = client.Receive(Reply(discover, DhcpMessageType.Offer), _now)!.Message;
        client.Receive(Reply(request, DhcpMessageType.Ack), _now);
        Assert.Equal("3501073d017836040a4d0001", Options(client.Release()!.Message));
    }

    private void Bind()
    {
        DhcpMessage discover = _client.Start(_now).Message;
        DhcpMessage request = _client.Receive(Reply(discover, DhcpMessageType.Offer), _now)!.Message;
        _client.Receive(Reply(request, DhcpMessageType.Ack), _now);
        Assert.Equal(DhcpState.Bound, _client.State);
    }

    private static DhcpMessage Sent(DhcpTransmission? transmission, DhcpMessageType type, IPAddress? server)
    {
        Assert.NotNull(transmission);
        Assert.Equal(type, transmission.Message.Type);
        Assert.Equal(server, transmission.Server);
        return transmission.Message;
    }

    private static string Options(DhcpMessage message)
    {
        string all = Hex.Of(message.ToBytes().AsSpan(240));
        return all[..all.TrimEnd('0').LastIndexOf("ff", StringComparison.Ordinal)];
    }

    // Two minutes, from 10.77.0.1.
    private static DhcpMessage Reply(DhcpMessage to, DhcpMessageType type) => new()
    {
        IsReply = true,
        TransactionId = to.TransactionId,
        Mac = to.Mac,
        YourAddress = type == DhcpMessageType.Nak ? IPAddress.Any : s_address,
        Options = new DhcpOptions()
            .Set(DhcpOptionCode.MessageType, [(byte)type])
            .Set(DhcpOptionCode.ServerIdentifier, s_server)
            .Set(DhcpOptionCode.LeaseTime, [0, 0, 0, 120])
            .Set(DhcpOptionCode.SubnetMask, [255, 255, 255, 0]),
    };
}
