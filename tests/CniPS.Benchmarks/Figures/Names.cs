using System.Globalization;

namespace CniPS.Benchmarks.Figures;

/// <summary>The names of contestants, and of what is seen of them.</summary>
internal static class Names
{
    public const string Floor = "kernel's floor";
    public const string Engine = "engine in-process";
    public const string Cmdlets = "cmdlets in pwsh";
    public const string Executable = "executable";
    public const string Go = "Go programs";
    public const string Import = "Import-Module";
    public const string FirstAdd = "first ADD in a fresh pwsh";

    public const string PointToPoint = "ptp";
    public const string Podman = "podman's list";

    /// <summary>A contestant with so many containers: the mean of all, since they are done together.</summary>
    public static string Of(string contestant, int containers) =>
        string.Create(CultureInfo.InvariantCulture, $"{contestant}, {containers:N0} together");

    /// <summary>So many namespaces made (ADD) and removed (DEL).</summary>
    public static string Namespaces(string contestant, int count) => string.Create(CultureInfo.InvariantCulture, $"{contestant}, {count:N0} namespaces");

    /// <summary>The same containers, one after the other.</summary>
    public static string OneByOne(string contestant, int containers) =>
        string.Create(CultureInfo.InvariantCulture, $"{contestant}, {containers:N0} one by one");

    public static string Ports(int count) => count == 1 ? "1 port" : string.Create(CultureInfo.InvariantCulture, $"{count} ports");

    /// <summary>A contestant on another network than the plain bridge.</summary>
    public static string On(string contestant, string network) => $"{contestant}, {network}";

    public static string Taps(int number) => Crowd("tap", number);

    public static string Pairs(int number) => Crowd("ptp", number);

    public static string Masquerading(string contestant) => $"{contestant}, masquerade";

    public static string Add(string contestant) => $"{contestant}: ADD";

    public static string Delete(string contestant) => $"{contestant}: DEL";

    public static string Check(string contestant) => $"{contestant}: CHECK";

    public static string Memory(string contestant) => $"{contestant}: peak memory";

    public static string Store(string contestant, int held) =>
        string.Create(CultureInfo.InvariantCulture, $"{contestant}: address store, {held:N0} held");

    private static string Crowd(string network, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"engine in-process, {network}: ADD number {number:N0}");
}
