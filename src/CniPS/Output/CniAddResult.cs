using System;
using System.Linq;
using System.Text;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// What ADD returned, as an object of the pipeline: all that the specification has in a result, in its words. (Its parts are texts here, and objects for
/// PowerShell: of several results ConvertTo-Json would cut them. Json has them whole.)
/// </summary>
public sealed class CniAddResult
{
    internal CniAddResult(CniResult result) => Result = result;

    /// <summary>The version that it is in.</summary>
    public string CniVersion => Result.CniVersion;

    /// <summary>The interfaces; none in 0.1.0 and 0.2.0.</summary>
    public CniList<string> Interfaces => CniAddedInterface.ListOf(Result).ToTexts();

    /// <summary>The addresses.</summary>
    public CniList<string> Ips => CniAddedAddress.ListOf(Result).ToTexts();

    /// <summary>The routes.</summary>
    public CniList<string> Routes => new(CniAddedRoute.ListOf(Result).ToTexts(), ',');

    /// <summary>The resolver's settings, as in resolv.conf; null for none.</summary>
    public string? Dns => CniResolver.TextOf(Result.Dns);

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
