using System;
using System.Linq;
using System.Text;
using CniPS.Spec;

namespace CniPS;

/// <summary>What ADD returned, as an object of the pipeline: all that the specification has in a result, in its words.</summary>
public sealed class CniAddResult
{
    internal CniAddResult(CniResult result) => Result = result;

    /// <summary>The version that it is in.</summary>
    public string CniVersion => Result.CniVersion;

    /// <summary>The interfaces; none in 0.1.0 and 0.2.0.</summary>
    public CniList<CniAddedInterface> Interfaces => Result.Interfaces.Select(item => new CniAddedInterface(item)).ToCniList();

    /// <summary>The addresses.</summary>
    public CniList<CniAddedAddress> Ips => Result.Ips.Select(item => new CniAddedAddress(item)).ToCniList();

    /// <summary>The routes.</summary>
    public CniList<CniAddedRoute> Routes => Result.Routes.Select(item => new CniAddedRoute(item)).ToCniList();

    /// <summary>The resolver's settings.</summary>
    public CniResolver Dns => new(Result.Dns);

    /// <summary>Its JSON, whole, also what the specification doesn't know.</summary>
    public string Json => Encoding.UTF8.GetString(Result.ToJson(indented: true));

    internal CniResult Result { get; }

    /// <summary>The result in another version.</summary>
    /// <param name="version">The version.</param>
    /// <exception cref="CniException">It can't be said in that version.</exception>
    public CniAddResult ConvertTo(string version) => new(Result.ConvertTo(version));

    internal static CniAddResult? Of(CniResult? result) => result is null ? null : new CniAddResult(result);

    /// <summary>Its JSON on one line; null for none.</summary>
    internal static string? TextOf(CniResult? result) => result is null ? null : Encoding.UTF8.GetString(result.ToJson());

    /// <summary>The addresses; where there are none, the interfaces, and where there are none either, the version.</summary>
    public override string ToString() => Result.ToString();
}
