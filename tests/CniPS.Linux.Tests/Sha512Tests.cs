using System;
using System.Security.Cryptography;
using Xunit;

namespace CniPS.Linux.Tests;

/// <summary>Our SHA-512 against .NET's, around every length at which a block ends.</summary>
public sealed class Sha512Tests
{
    [Fact]
    public void ItIsTheSameAsEverywhere()
    {
        for (int length = 0; length < 400; length++)
        {
            byte[] message = new byte[length];
            new Random(length).NextBytes(message);
            Assert.Equal(SHA512.HashData(message), Sha512.Hash(message));
        }
    }

    [Fact]
    public void CnitoolsContainerId() => Assert.Equal("51165886969c747c11b1", Sha512.Hex("/run/netns/t", 10));
}
