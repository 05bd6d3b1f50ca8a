using System;
using System.Security.Cryptography;
using CniPS.Linux;
using CniPS.Tool.Commands;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>Our SHA-512 against .NET's, and the id that cnitool makes of it.</summary>
public sealed class Sha512Tests
{
    [Fact]
    public void IsSha512()
    {
        var random = new Random(1);
        for (int length = 0; length < 400; length++)
        {
            byte[] text = new byte[length];
            random.NextBytes(text);
            Assert.Equal(SHA512.HashData(text), Sha512.Hash(text));
        }
    }

    [Theory]
    [InlineData("/run/netns/blue", "blue")]
    [InlineData("/tmp/t", "cnitool-")]
    [InlineData("/run/netns/-x", "cnitool-")]
    public void NamesAContainerWithoutAnId(string path, string id) => Assert.StartsWith(id, ContainerNamespace.DefaultContainerId(path), StringComparison.Ordinal);
}
