using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>What cmdlets and their parameters are called.</summary>
public sealed class NamingConventionTests(Populated session)
{
    // The specification's own: CNI_ARGS, CAP_ARGS. Status is no plural.
    private static readonly string[] s_noPlurals = ["CniArgs", "CapabilityArgs", "Status", "Continuous"];

    // What is looked for is text with wildcards, what is worked on is a reference that takes none; a network that is made is named as it will be.
    private static readonly Dictionary<string, string[]> s_types = new()
    {
        ["Network"] = ["String", "NetworkReference"],
        ["Namespace"] = ["String", "NamespaceReference"],
        ["Plugin"] = ["Object", "String"],              // tables make a network's plugins, names look for them
        ["To"] = ["NetworkReference", "String"],          // a network that an attachment moves to, and whoever a packet is sent to
        ["DisableCheck"] = ["Boolean", "SwitchParameter"], // changing a network may as well switch it off
        ["PortMapping"] = ["PortMapping", "SwitchParameter"], // of a network that allows them, and of an attachment that has them
        ["Kind"] = ["EventKind", "ExposureKind"], // of whatever is looked for
        ["State"] = ["ChangeStanding", "CniAttachmentState"], // of whatever is shown
    };

    [Fact]
    [Convention(1)]
    public void Verbs_are_approved()
    {
        HashSet<string> approved = [.. session.Run("(Get-Verb).Verb").Output.Select(verb => verb.ToString())];
        Assert.All(Cmdlets.All.Values, cmdlet => Assert.Contains(cmdlet.Verb, approved));
        using Session other = new();
        Assert.Empty(other.Run("Remove-Module CniPS; Import-Module $args[0]", Session.Manifest).Succeeded().Warnings);
    }

    [Fact]
    [Convention(2)]
    public void Nouns_are_singular_and_begin_with_the_prefix() =>
        Assert.All(Cmdlets.All.Values, cmdlet => Assert.Matches("^Cni[A-Z][A-Za-z]*[a-rt-z]$", cmdlet.Noun));

    [Fact]
    [Convention(3)]
    public void Classes_are_named_as_their_cmdlets() =>
        Assert.All(Cmdlets.All.Values, cmdlet => Assert.Equal($"CniPS.Commands.{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.ImplementingType.FullName));

    [Fact]
    [Convention(4)]
    public void Parameters_have_standard_names_in_the_singular()
    {
        foreach (ParameterMetadata parameter in Parameters())
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", parameter.Name);
            Assert.True(
                !parameter.Name.EndsWith('s') || parameter.Name.EndsWith("ss", StringComparison.Ordinal) || s_noPlurals.Contains(parameter.Name), parameter.Name);
        }

        Aliased("Namespace", "NetNS");
        Aliased("Interface", "IfName", "InterfaceName");
        Assert.DoesNotContain(Parameters(), parameter => parameter.Name is "ComputerName" or "Silent" or "Quiet" or "Filename" or "File");
    }

    [Fact]
    [Convention(5)]
    public void The_same_name_has_the_same_type()
    {
        foreach (IGrouping<string, ParameterMetadata> same in Parameters().GroupBy(parameter => parameter.Name))
        {
            IEnumerable<string> types = same.Select(parameter => ElementOf(parameter.ParameterType).Name).Distinct().Order();
            Assert.Equal(s_types.TryGetValue(same.Key, out string[]? known) ? known.Order() : types.Take(1), types);
        }
    }

    [Fact]
    [Convention(6)]
    public void Switches_are_switches()
    {
        Assert.DoesNotContain(Parameters(), parameter => parameter.ParameterType == typeof(bool));
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values.Where(cmdlet => Cmdlets.Own(cmdlet).Any(parameter => parameter.ParameterType == typeof(bool?))))
        {
            Assert.Equal("Set", cmdlet.Verb); // yes, no, and as it is
        }
    }

    // Texts are names, paths and the specification's words; what has an order, a form or few values has a type or a set.
    [Fact]
    [Convention(7)]
    public void What_is_no_text_has_a_type()
    {
        string[] texts =
        [
            "Bridge", "CachePath", "Capability", "Command", "ContainerId", "DataDir", "Device", "HostInterface", "Interface", "Json", "Master", "Mode", "Name", "Namespace",
            "Network", "OutFile", "Path", "Plugin", "PluginPath", "Before", "ResolvConf", "SocketPath", "Type", "Parent", "Group", "Node", "From", "To",
            "Link", "Filter", // a capture's: interfaces of whatever kind, and tcpdump's words
            "IPAddress", "MacAddress", "Mac", // as they are written: it is the network's plugins that say what they take
        ];
        foreach (ParameterMetadata parameter in Parameters().Where(parameter => ElementOf(parameter.ParameterType) == typeof(string)))
        {
            Assert.True(texts.Contains(parameter.Name) || parameter.Attributes.OfType<ValidateSetAttribute>().Any(), $"-{parameter.Name} is a text");
        }

        Assert.All(
            Parameters().Where(parameter => ElementOf(parameter.ParameterType) == typeof(object)), parameter => Assert.Contains(parameter.Name, new[] { "Keep", "Unknown", "Plugin", "Command" }));
    }

    private static IEnumerable<ParameterMetadata> Parameters() => Cmdlets.All.Values.SelectMany(Cmdlets.Own).Where(parameter => parameter.Name is not ("WhatIf" or "Confirm"));

    private static Type ElementOf(Type type)
    {
        type = type.GetElementType() ?? type;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static void Aliased(string name, params string[] aliases) =>
        Assert.All(Parameters().Where(parameter => parameter.Name == name && Nouns(parameter)), parameter => Assert.All(aliases, alias => Assert.Contains(alias, parameter.Aliases)));

    // Where a parameter of another name has the alias already, there is nothing left to alias.
    private static bool Nouns(ParameterMetadata parameter) => parameter.Aliases.Count > 0 || parameter.Name != "Namespace";
}
