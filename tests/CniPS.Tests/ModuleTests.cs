using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What the session has of the module, and that it is a machine of its own that it works on.</summary>
public sealed class ModuleTests(Session session) : IClassFixture<Session>
{
    [Fact]
    public void Exports_every_cmdlet_that_the_assembly_has_and_nothing_else()
    {
        IReadOnlyList<string> exported = [.. session.Run("(Get-Command -Module CniPS).Name").Output.Select(name => name.ToString())];
        Assert.Equal(Cmdlets.All.Keys.Order(), exported.Order());
    }

    [Fact]
    public void Is_the_assembly_that_the_tests_are_compiled_against()
    {
        PSModuleInfo module = Assert.Single(session.Run("Get-Module CniPS").As<PSModuleInfo>());
        Assert.Same(typeof(CniNetwork).Assembly, module.ImplementingAssembly);
        Assert.Equal(Path.GetDirectoryName(Session.Manifest), module.ModuleBase);
    }

    [Fact]
    public async Task Every_thread_is_on_a_machine_of_its_own()
    {
        PrivateMachine.Require();
        string outside = new FileInfo("/proc/1/ns/net").LinkTarget!, own = PrivateMachine.Own();
        Assert.NotEqual(outside, own);
        Assert.Equal(own, await Task.Run(PrivateMachine.Own, TestContext.Current.CancellationToken));
        string? seen = null;
        Thread thread = new(() => seen = PrivateMachine.Own());
        thread.Start();
        thread.Join();
        Assert.Equal(own, seen);
        Assert.Equal(own, session.Run("(Get-Item /proc/thread-self/ns/net).LinkTarget").Output.Single().ToString());
    }

    [Fact]
    public void Comes_and_goes_without_a_word()
    {
        using Session other = new();
        Outcome outcome = other.Run("Remove-Module CniPS; Import-Module $args[0] -Verbose:$false; (Get-Command -Module CniPS).Count", Session.Manifest).Succeeded();
        Assert.Equal(Cmdlets.All.Count, outcome.Output.Single().BaseObject);
        Assert.Empty(outcome.Warnings);
        Assert.Empty(outcome.Console);
    }
}
