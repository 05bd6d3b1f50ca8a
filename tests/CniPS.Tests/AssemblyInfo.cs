using CniPS.Tests.Hosting;
using Xunit;

// They share one machine, and take milliseconds each.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Populated))]
