using System;
using System.Text;
using System.Text.Json;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>Short ways to say what nearly every test here says.</summary>
internal static class Utf8
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public static PluginConfiguration Plugin(string json) => PluginConfiguration.Parse(Bytes(json), "p.conf");

    public static NetworkConfigurationList List(string json) => NetworkConfigurationList.Parse(Bytes(json), "n.conflist");

    public static CniException Refused(Action action, string position)
    {
        CniException e = Assert.Throws<CniException>(action);
        Assert.Equal(position, e.Position?.ToString());
        Assert.False(string.IsNullOrEmpty(e.RecommendedAction));
        return e;
    }
}
