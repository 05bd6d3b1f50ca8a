using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class CniNamesTests
{
    [Theory]
    [InlineData("a\n")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a\0")]
    [InlineData("é")]
    [InlineData("")]
    [InlineData(null)]
    public void A_bad_id_or_network_name_is_refused(string? name)
    {
        Assert.False(CniNames.IsValidContainerId(name));
        Assert.False(CniNames.IsValidNetworkName(name));
        Assert.Equal(CniErrorIds.InvalidName, Assert.Throws<CniException>(() => CniNames.ValidateContainerId(name)).ErrorId);
        Assert.Equal(CniErrorIds.InvalidName, Assert.Throws<CniException>(() => CniNames.ValidateNetworkName(name)).ErrorId);
    }

    [Theory]
    [InlineData("eth0", true)]
    [InlineData("...", true)]
    [InlineData("%d", true)]
    [InlineData("a\u200b", true)]
    [InlineData("eth0\n", false)]
    [InlineData("a\u00a0", false)]
    [InlineData("a\u0085", false)]
    [InlineData("ééééééé", true)]
    [InlineData("éééééééé", false)]
    public void An_interface_name_is_counted_in_bytes(string name, bool valid) => Assert.Equal(valid, CniNames.IsValidInterfaceName(name));
}
