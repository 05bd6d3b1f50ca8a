using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>How what goes wrong is told, on whichever thread it went wrong.</summary>
public sealed class ErrorConventionTests(Populated session)
{
    [Fact]
    [Convention(19)]
    public void Error_ids_are_words_and_each_is_used_once()
    {
        string[] ids =
        [
            .. from type in new[] { typeof(CniErrorIds), typeof(RuntimeErrorIds), typeof(Diagnosis.DiagnosisErrorIds), typeof(ModuleErrorIds) }
               from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
               select (string)field.GetRawConstantValue()!,
        ];
        Assert.All(ids, id => Assert.Matches("^Cni[A-Z][A-Za-z]+$", id));
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    [Convention(19)]
    public void One_item_that_fails_keeps_no_other_from_being_tried()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("'nosuch', 'blue', 'nosuch2' | Get-CniNamespace");
        Assert.Equal("blue", Assert.Single(outcome.Output).ToString());
        Assert.Equal(["nosuch", "nosuch2"], outcome.Errors.Select(error => error.TargetObject));
        Assert.All(outcome.Errors, error => Assert.NotEqual(ErrorCategory.NotSpecified, error.CategoryInfo.Category));
    }

    // Whatever refuses, it is one id that a script looks for.
    [Theory]
    [Convention(19)]
    [InlineData("no file may be read")]
    [InlineData("add address 10.0.0.2/24 to eth0")]
    public void A_missing_privilege_has_one_id(string operation)
    {
        Type records = typeof(CniNetwork).Assembly.GetType("CniPS.Commands.ErrorRecords", throwOnError: true)!;
        MethodInfo from = records.GetMethod("From", BindingFlags.Static | BindingFlags.NonPublic)!;
        object place = Activator.CreateInstance(records.Assembly.GetType("CniPS.Commands.ItemPlace", throwOnError: true)!, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, null, ["target"], null)!;
        foreach (Exception error in new Exception[]
        {
            new Linux.LinuxException(operation, 1), new Linux.LinuxException(operation, 13), new UnauthorizedAccessException(),
            new CniException(RuntimeErrorIds.CacheUnreadable, CniErrorCode.IOFailure, "read /var/lib/cni/results", innerException: new Linux.LinuxException(operation, 13)),
        })
        {
            ErrorRecord record = (ErrorRecord)from.Invoke(null, [error, place])!;
            Assert.Equal((CniErrorIds.PrivilegeRequired, ErrorCategory.PermissionDenied), (record.FullyQualifiedErrorId, record.CategoryInfo.Category));
            Assert.NotEmpty(record.ErrorDetails.RecommendedAction);
        }
    }

    // A thread without one ends the process. A thread is named where it is started, so that whoever looks at the process knows whose it is.
    [Fact]
    [Convention(20)]
    public void Threads_catch_what_is_thrown_on_them()
    {
        string[] starting = [.. Repository.Files("src", "*.cs").Where(file => Regex.IsMatch(File.ReadAllText(file), @"\bnew Thread\(|\bnew\(\w+(, [^)]*)?\)\s*\{[^}]*IsBackground"))];
        Assert.NotEmpty(starting);
        // LockWait and SpareThreads run what others hand them, which catch; the others have it themselves.
        Assert.All(
            starting.Where(file => Path.GetFileName(file) is not ("LockWait.cs" or "SpareThreads.cs")),
            file => Assert.True(File.ReadAllText(file).Contains("catch (", StringComparison.Ordinal), file));
        Assert.DoesNotContain(Repository.Files("src/CniPS", "*.cs"), file => Regex.IsMatch(File.ReadAllText(file), @"\bTask\.Run\(|ThreadPool\.|\basync\b"));
    }

    [Fact]
    [Convention(22)]
    public void Commands_write_on_the_thread_of_their_pipeline() => Assert.DoesNotContain(
        Repository.Files("src/CniPS/Commands", "*.cs"),
        file => Regex.IsMatch(File.ReadAllText(file), @"new Thread\(|Task\.|Parallel\.|\basync\b|\bawait\b|Timer\("));

    [Fact]
    [Convention(25)]
    public void Commands_let_go_of_what_they_hold() =>
        Assert.All(Cmdlets.All.Values, cmdlet => Assert.True(typeof(IDisposable).IsAssignableFrom(cmdlet.ImplementingType), cmdlet.Name));

    // What runspaces share is locked, or never changed: no static of a command can be assigned.
    [Fact]
    [Convention(26)]
    public void Commands_share_nothing_that_changes()
    {
        IEnumerable<FieldInfo> fields =
            from type in typeof(CniNetwork).Assembly.GetTypes()
            where type.Namespace is "CniPS.Commands" or "CniPS.Completers"
            from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where field is { IsLiteral: false, IsInitOnly: false } && !field.Name.StartsWith('<')
            select field;
        Assert.DoesNotContain(fields, _ => true);
        Assert.DoesNotContain(Repository.Files("src", "*.cs"), file => Regex.IsMatch(File.ReadAllText(file), @"Environment\.(SetEnvironmentVariable\(|CurrentDirectory =)|Directory\.SetCurrentDirectory\("));
    }

    [Fact]
    [Convention(26)]
    public void Runspaces_work_side_by_side()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            1..6 | ForEach-Object -ThrottleLimit 6 -Parallel {
                $PSModuleAutoLoadingPreference = 'None'
                Import-Module $using:args[0]
                New-CniNamespace "side$_" | Add-CniAttachment other
            }
            Get-CniAttachment other -ContainerId side* | Remove-CniAttachment
            Remove-CniNamespace (Get-CniNamespace side*)
            """, Session.Manifest);
        Assert.Equal(6, outcome.Succeeded().Output.Select(item => item.Properties["ContainerId"].Value).Distinct().Count());
    }
}
