using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Finds everything that is wrong with a network, or with all of a folder: true or false, with an error for each problem.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CniNetwork")]
[OutputType(typeof(bool), typeof(CniNetworkProblem))]
public sealed class TestCniNetworkCommand : PluginCommand
{
    /// <summary>The network: its name, its file, or an object of New-CniNetwork or Get-CniNetwork. Default: all of the folder.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference? Network { get; set; }

    /// <summary>The configuration folder. Default: the environment variable NETCONFPATH, else <c>/etc/cni/net.d</c>.</summary>
    [Parameter(Position = 1)]
    public string? Path { get; set; }

    /// <summary>Asks the plugins as well whether they are ready to serve ADD (STATUS).</summary>
    [Parameter]
    public SwitchParameter Status { get; set; }

    /// <summary>Emits the problems as objects, and neither true or false nor errors for them.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => Network?.Text ?? Path;

    private string Folder => ResolvePath(string.IsNullOrEmpty(Path) ? Defaults.ConfigurationFolder : Path);

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        CommandObserver observer = new(this);
        NetworkChecker checker = new(machine.Host, Options, observer);
        bool isGood = true;
        try
        {
            isGood = Show(Check(checker));
            if (Status && isGood)
            {
                isGood = Show(AskStatus(new CniRuntime(machine.Host, Options, observer)));
            }
        }
        catch (CniException e)
        {
            Report(e);
            isGood = false;
        }

        if (!Detailed)
        {
            WriteObject(isGood);
        }
    }

    private IReadOnlyList<NetworkProblem> Check(NetworkChecker checker)
    {
        if (Network is null)
        {
            return Directory.Exists(Folder) ? checker.CheckFolder(Folder, Cancellation) : throw new CniException(
                CniErrorIds.NoNetworkConfigurations, CniErrorCode.InvalidNetworkConfig, $"there is no folder {Folder}")
            {
                RecommendedAction = "Name the network, or another folder (-Path).",
                Target = Folder,
            };
        }

        return Network.List is { } list ? checker.Check(list, Folder, Cancellation) : checker.CheckFile(FileOf(Network), Folder, Cancellation);
    }

    private string FileOf(NetworkReference network) =>
        new NetworkSource(ResolvePath).IsGiven(network) ? ResolvePath(network.Text) : NetworkChecker.FindFile(Folder, network.Text);

    private IEnumerable<NetworkConfigurationList> Networks()
    {
        if (Network?.List is { } list)
        {
            return [list];
        }

        return Network is null ? new NetworkConfigurationFolder(Folder).LoadAll(Report) : [NetworkConfigurationList.Load(FileOf(Network))];
    }

    private List<NetworkProblem> AskStatus(CniRuntime runtime)
    {
        List<NetworkProblem> problems = [];
        foreach (NetworkConfigurationList list in Networks())
        {
            try
            {
                runtime.Status(list, Cancellation);
            }
            catch (CniException e)
            {
                problems.Add(NetworkProblem.Of(e, list.Name));
            }
        }

        return problems;
    }

    /// <summary>Tells of problems.</summary>
    /// <returns>Whether none of them is an error.</returns>
    private bool Show(IReadOnlyList<NetworkProblem> problems)
    {
        bool isGood = true;
        foreach (NetworkProblem problem in problems)
        {
            isGood &= problem.Severity != ProblemSeverity.Error;
            if (Detailed)
            {
                WriteObject(new CniNetworkProblem(problem));
            }
            else if (problem.Severity == ProblemSeverity.Error)
            {
                Report(problem.ToException());
            }
            else
            {
                string place = problem.Position is { } position ? $"{position}: " : "";
                WriteWarning($"{place}{problem.Message}. {problem.RecommendedAction}");
            }
        }

        return isGood;
    }
}
