using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Spec;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>What holds for every result of every version.</summary>
public sealed class ResultPropertyTests
{
    private static readonly string[] s_versions = [.. CniVersion.All];

    public static TheoryData<string> Versions => [.. s_versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void AResultIsReadAsItWasWritten(string version) => ForAll(version, static result =>
        Json(CniResult.Parse(result.ToJson())) == Json(result) && Json(CniResult.Parse(result.ToJson(indented: true))) == Json(result));

    [Theory]
    [MemberData(nameof(Versions))]
    public void OnTheWayUpNothingIsLost(string version) => ForAll(version, result =>
        s_versions.SkipWhile(other => other != version).All(higher =>
        {
            CniResult there = Through(result, higher);
            return there.CniVersion == higher && Json(Through(there, version)) == Json(result);
        }));

    [Theory]
    [MemberData(nameof(Versions))]
    public void OnTheWayDownOnlyThatIsLostWhichTheVersionCannotSay(string version) => ForAll(version, result =>
        s_versions.TakeWhile(other => other != version).Where(lower => result.Ips.Count > 0 || !IsPerFamily(lower)).All(lower =>
        {
            CniResult there = Through(result, lower);
            return there.CniVersion == lower && Json(Through(there, version)) == Json(Sayable(result, lower));
        }));

    [Theory]
    [MemberData(nameof(Versions))]
    public void WithoutAnAddressThereIsNoFormInTheOldestVersions(string version)
    {
        if (IsPerFamily(version))
        {
            return;
        }

        ForAll(version, static result =>
        {
            CniResult none = With(result, [], [], result.Interfaces);
            CniException error = Assert.Throws<CniException>(() => none.ConvertTo("0.2.0"));
            return error.ErrorId == CniErrorIds.InvalidResult;
        });
    }

    private static void ForAll(string version, Func<CniResult, bool> holds) => Prop.ForAll(SpecGenerators.Result(version).ToArbitrary(), holds).Check(SpecGenerators.Small);

    private static bool IsPerFamily(string version) => version is "0.1.0" or "0.2.0";

    // Over the text: what the other side of a process gets.
    private static CniResult Through(CniResult result, string version) => CniResult.Parse(result.ConvertTo(version).ToJson());

    private static string Json(CniResult result) => Encoding.UTF8.GetString(result.ToJson());

    // What is left of a result in its own version after it was in a lower one.
    private static CniResult Sayable(CniResult result, string lower)
    {
        if (IsPerFamily(result.CniVersion) || lower is "1.0.0" or "1.1.0" || (!IsPerFamily(lower) && result.CniVersion.StartsWith('0')))
        {
            return result; // both say the same
        }

        if (!IsPerFamily(lower))
        {
            return With(result, result.Ips, result.Routes, [.. result.Interfaces.Select(item => item with { Mtu = null, SocketPath = null, PciID = null })]);
        }

        List<CniIPConfig> ips = [];
        List<CniRoute> routes = [];
        foreach (bool v6 in (bool[])[false, true])
        {
            if (result.Ips.FirstOrDefault(ip => ip.Address!.Value.IsV6 == v6) is { } first)
            {
                ips.Add(new CniIPConfig { Address = first.Address, Gateway = first.Gateway, Version = first.Version });
                routes.AddRange(result.Routes.Where(route => route.Destination!.Value.IsV6 == v6).Select(route => new CniRoute { Destination = route.Destination, Gateway = route.Gateway }));
            }
        }

        return With(result, ips, routes, []);
    }

    private static CniResult With(CniResult result, IReadOnlyList<CniIPConfig> ips, IReadOnlyList<CniRoute> routes, IReadOnlyList<CniInterface> interfaces) => new()
    {
        CniVersion = result.CniVersion,
        Ips = ips,
        Routes = routes,
        Interfaces = interfaces,
        Dns = result.Dns,
        UnknownFields = result.UnknownFields,
        Ip4 = result.Ip4,
        Ip6 = result.Ip6,
    };
}
