using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Spec;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>What holds for every list: what nobody knows reaches the plugins as it stands.</summary>
public sealed class ConfigurationPropertyTests
{
    private static readonly string[] s_set = ["name", "cniVersion", "prevResult", "runtimeConfig"];

    private static Gen<string> Plugin { get; } =
        from type in Gen.Elements("bridge", "portmap", "unheard-of")
        from unknown in SpecGenerators.Unknown
        from ipam in SpecGenerators.Unknown
        select $$$"""{"ipam":{"type":"host-local"{{{Text(ipam)}}}},"type":"{{{type}}}","capabilities":{"portMappings":true,"mac":false}{{{Text(unknown)}}}}""";

    private static Gen<string> List { get; } =
        from version in Gen.Elements(CniVersion.All.ToArray())
        from plugins in Plugin.NonEmptyListOf()
        from unknown in SpecGenerators.Unknown
        select $$"""{"cniVersion":"{{version}}","name":"n"{{Text(unknown)}},"plugins":[{{string.Join(',', plugins)}}]}""";

    [Fact]
    public void AListIsReadAsItWasWritten() => Prop.ForAll(List.ToArbitrary(), static text =>
    {
        NetworkConfigurationList list = Parse(text);
        using JsonDocument json = JsonDocument.Parse(text);
        return Encoding.UTF8.GetString(list.Bytes.Span) == text && list.CniVersion == json.RootElement.GetProperty("cniVersion").GetString()
            && list.Plugins.Select(plugin => plugin.Json.GetRawText()).SequenceEqual(json.RootElement.GetProperty("plugins").EnumerateArray().Select(plugin => plugin.GetRawText()));
    }).Check(SpecGenerators.Small);

    [Fact]
    public void ARequestHasAllOfThePlugin() => Prop.ForAll(List.ToArbitrary(), SpecGenerators.Json.ToArbitrary(), SpecGenerators.Result("1.1.0").ToArbitrary(), static (text, argument, result) =>
    {
        NetworkConfigurationList list = Parse(text);
        JsonElement value = JsonDocument.Parse(argument).RootElement;
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            PluginConfiguration request = PluginConfiguration.ParseRequest(
                plugin.ToRequest("other", list.CniVersion, result.ConvertTo("1.1.0"), [KeyValuePair.Create("portMappings", value), KeyValuePair.Create("mac", value)]));
            Assert.Equal(("other", list.CniVersion, plugin.Type, plugin.IpamType), (request.Name, request.CniVersion, request.Type, request.IpamType));
            Assert.Equal(Rest(plugin.Json), Rest(request.Json));
            Assert.Equal($$"""{"portMappings":{{argument}}}""", request.Json.GetProperty("runtimeConfig").GetRawText());
            Assert.Equal(Encoding.UTF8.GetString(result.ToJson()), request.Json.GetProperty("prevResult").GetRawText());
        }

        return true;
    }).Check(SpecGenerators.Small);

    [Fact]
    public void ARequestForNothingElseIsTheSameForever() => Prop.ForAll(List.ToArbitrary(), static text => Parse(text).Plugins.All(plugin =>
    {
        PluginConfiguration once = PluginConfiguration.ParseRequest(plugin.ToRequest("n", "1.0.0"));
        return once.Json.GetRawText() == Encoding.UTF8.GetString(once.ToRequest("n", "1.0.0").Span);
    })).Check(SpecGenerators.Small);

    [Fact]
    public void ASinglePluginIsAListOfOne() => Prop.ForAll(Plugin.ToArbitrary(), static text =>
    {
        NetworkConfigurationList list = NetworkConfigurationList.ParseAny(Encoding.UTF8.GetBytes($$"""{"cniVersion":"0.4.0","name":"n",{{text[1..]}}"""));
        PluginConfiguration plugin = Assert.Single(Parse(Encoding.UTF8.GetString(list.Bytes.Span)).Plugins);
        return (list.Name, list.CniVersion) == ("n", "0.4.0") && plugin.Json.GetRawText() == Assert.Single(list.Plugins).Json.GetRawText();
    }).Check(SpecGenerators.Small);

    [Fact]
    public void GarbageCollectionIsAskedWithTheValidOnesAndAllElse() => Prop.ForAll(List.ToArbitrary(), static text => Parse(text).Plugins.All(plugin =>
    {
        JsonElement request = JsonDocument.Parse(plugin.ToGCRequest("n", "1.1.0", [new AttachmentKey("c", "eth0")])).RootElement;
        const string Valid = """[{"containerID":"c","ifname":"eth0"}]""";
        return request.GetProperty("cni.dev/valid-attachments").GetRawText() == Valid && request.GetProperty("cni.dev/attachments").GetRawText() == Valid
            && Rest(request).Where(line => !line.StartsWith("cni.dev/", System.StringComparison.Ordinal)).SequenceEqual(Rest(plugin.Json));
    })).Check(SpecGenerators.Small);

    private static NetworkConfigurationList Parse(string text) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(text));

    private static string Text(IReadOnlyList<KeyValuePair<string, JsonElement>> unknown) =>
        string.Concat(unknown.Select(field => $",\"{field.Key}\":{field.Value.GetRawText()}"));

    private static string[] Rest(JsonElement json) =>
        [.. json.EnumerateObject().Where(field => !s_set.Contains(field.Name)).Select(field => $"{field.Name}: {field.Value.GetRawText()}")];
}
