using System;
using System.Linq;
using System.Net;
using System.Text;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>What holds for every result and every lease file.</summary>
public class PropertyTests
{
    private static readonly string[] s_versions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

    [Fact]
    public void AResultIsTheSameAfterEveryVersionThatCanSayIt() =>
        Prop.ForAll<uint, byte>(static (address, length) =>
        {
            string text = $"{new IPAddress(address)}/{length % 33}";
            CniResult result = Parse($$"""{"cniVersion":"1.1.0","ips":[{"address":"{{text}}"}]}""");
            foreach (string version in s_versions)
            {
                CniResult there = Parse(Encoding.UTF8.GetString(result.ConvertTo(version).ToJson()));
                CniResult back = Parse(Encoding.UTF8.GetString(there.ConvertTo("1.1.0").ToJson()));
                Assert.Equal(version, there.CniVersion);
                Assert.Equal(text, back.Ips.Single().Address.ToString());
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ALeaseIsReadAsItWasWritten() =>
        Prop.ForAll<NonEmptyString, NonEmptyString>(static (id, name) =>
        {
            string container = Word(id.Get), link = Word(name.Get);
            Lease lease = Lease.Parse(IPAddress.Loopback, Encoding.UTF8.GetBytes(Lease.Content(container, link)));
            return lease.IsOf(container, link) && !lease.IsOldOf(container);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyFileIsALeaseOfSomebody() =>
        Prop.ForAll<byte[]>(static content => Lease.Parse(IPAddress.Loopback, content).ContainerId is not null).QuickCheckThrowOnFailure();

    private static CniResult Parse(string json) => CniResult.Parse(Encoding.UTF8.GetBytes(json));

    // Of the characters that an id may have.
    private static string Word(string text)
    {
        const string Characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
        return string.Concat(text.Select(static c => Characters[c % Characters.Length]));
    }
}
