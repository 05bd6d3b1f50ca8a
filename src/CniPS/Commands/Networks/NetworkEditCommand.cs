using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Linux.Changes;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>A command that changes what a network's file says. What it would make unusable stays as it is.</summary>
public abstract class NetworkEditCommand : NetworkFileCommand
{
    /// <summary>Emits the network as it is then; with -WhatIf, as it would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Changes the network in its file.</summary>
    /// <exception cref="CniException">It is in no file, or could not be used any more.</exception>
    private protected void EditFile(Action<NetworkEditor> edit)
    {
        string file = Load().Source!;
        byte[] before = File.ReadAllBytes(file);
        NetworkEditor editor = new(before, file);
        edit(editor);
        NetworkConfigurationList changed = editor.ToList();
        RefuseErrors(before, editor.Bytes, file);
        FileWrite change = NetworkFile.Write(editor.Bytes, file);
        bool goOn = ShouldProcess(change.Text, $"Change network {changed.Name} in {file}?", "Confirm", out ShouldProcessReason reason);
        if (goOn)
        {
            using Machine.Loan machine = Machine.Borrow();
            NetworkFile.Apply(machine.Host, change);
        }

        if (PassThru && (goOn || reason == ShouldProcessReason.WhatIf))
        {
            WriteObject(new CniNetwork(changed, path: file));
        }
    }

    /// <summary>Changes the network in its file; one that is in none is emitted as it is then.</summary>
    /// <exception cref="CniException">It could not be used any more.</exception>
    private protected void Edit(Action<NetworkEditor> edit)
    {
        if (Network.List is not { } list || Network.File is not null)
        {
            EditFile(edit);
            return;
        }

        byte[] before = list.Bytes.ToArray();
        NetworkEditor editor = new(before, $"network {list.Name}");
        edit(editor);
        RefuseErrors(before, editor.Bytes, null);
        WriteObject(new CniNetwork(NetworkConfigurationList.ParseAny(editor.Bytes)));
    }

    // What Test-CniNetwork calls an error now, and did not before: one that was there already can be mended key by key.
    private void RefuseErrors(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, string? file)
    {
        using Machine.Loan machine = Machine.Borrow();
        NetworkChecker checker = new(machine.Host, RuntimeOptions.Default with { PluginPath = Defaults.PluginPath });
        string? folder = file is null ? null : Path.GetDirectoryName(Path.GetFullPath(file));
        HashSet<string> known = [];
        foreach (NetworkProblem problem in checker.CheckText(before, file, folder, Cancellation))
        {
            known.Add(problem.Id + problem.Message);
        }

        foreach (NetworkProblem problem in checker.CheckText(after, file, folder, Cancellation))
        {
            if (problem.Severity == ProblemSeverity.Error && !known.Contains(problem.Id + problem.Message))
            {
                throw problem.ToException();
            }
        }
    }
}
