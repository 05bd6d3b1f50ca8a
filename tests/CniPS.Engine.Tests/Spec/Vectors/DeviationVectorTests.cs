using Xunit;

namespace CniPS.Engine.Tests.Spec.Vectors;

public sealed class DeviationVectorTests
{
    [Fact]
    public void Every_deviation_is_a_recorded_quirk_with_a_reason() => Assert.All(VectorFile.Deviations, deviation =>
    {
        Assert.False(string.IsNullOrWhiteSpace(deviation.Value));
        Assert.False(VectorFile.Get(deviation.Key).IsCore, deviation.Key);
    });
}
