using System.Collections.Generic;
using System.Linq;
using CniPS.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(SecondKernelFirst))]

namespace CniPS.Tests;

/// <summary>
/// The collection of all classes with tests for the second kernel. They all wait for one and the same run, so that as a single collection they keep
/// one of the runner's threads waiting, and the others go on with what is to be tested outside.
/// </summary>
internal static class SecondKernelCollection
{
    internal const string Name = "second kernel";
}

/// <summary>The second kernel is started first: it takes longest.</summary>
public sealed class SecondKernelFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == SecondKernelCollection.Name ? 0 : 1)];
}
