using System.Text;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>Values of keys that look like credentials are masked, and nothing else is touched.</summary>
public sealed class CredentialsTests
{
    [Theory]
    [InlineData("""{"a": 1, "password": "p"}""", """{"a": 1, "password": "********"}""")]
    [InlineData("""{ "clientSecret" : 42 , "x":[ "y" ]}""", """{ "clientSecret" : "********" , "x":[ "y" ]}""")]
    [InlineData("""{"auth": {"api_key": ["k1", "k2"], "user": "u"}}""", """{"auth": {"api_key": ["********", "********"], "user": "u"}}""")]
    [InlineData("""{"credentials": {"user": "u", "more": [{"n": 1}]}, "type": "t"}""", """{"credentials": {"user": "********", "more": [{"n": "********"}]}, "type": "t"}""")]
    [InlineData("""{"token": null, "secret": true, "name": "n"}""", """{"token": null, "secret": true, "name": "n"}""")]
    [InlineData("""{"type": "bridge", "mac": "0a:58:0a:0f:14:09", "ingressRate": 8}""", """{"type": "bridge", "mac": "0a:58:0a:0f:14:09", "ingressRate": 8}""")]
    [InlineData("""{"password": "p", "broken": """, """{"password": "********", …""")]
    public void AreMasked(string json, string shown) => Assert.Equal(shown, Credentials.Hide(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("K8S_POD_NAME=p;API_TOKEN=t;IgnoreUnknown=1", "K8S_POD_NAME=p;API_TOKEN=********;IgnoreUnknown=1")]
    [InlineData("", "")]
    public void AreMaskedInArguments(string args, string shown) => Assert.Equal(shown, Credentials.HidePairs(args));
}
