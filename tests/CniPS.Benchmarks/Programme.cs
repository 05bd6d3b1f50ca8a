using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Benchmarks.Contestants;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks;

/// <summary>Who runs against whom, as far as this machine has them.</summary>
internal sealed class Programme(Options options, Workshop workshop)
{
    /// <summary>How many addresses the store holds already.</summary>
    public static readonly int[] Held = [1, 100, 1_000, 10_000];

    /// <summary>What the Go program can be waited for.</summary>
    private const int HeldByGo = 1_000;

    private readonly Board _board = new();

    public Board Run()
    {
        Container.Create(options.Containers);
        if (options.Wants("engine") || options.Wants("cmdlets"))
        {
            AgainstTheKernel();
        }

        if (options.Wants("executable"))
        {
            AgainstGo();
        }

        if (options.Wants("store"))
        {
            AgainstNumbers();
        }

        if (options.Wants("bulk"))
        {
            Together();
        }

        new Chains(options, _board).Run();
        return _board;
    }

    private void AgainstTheKernel()
    {
        List<IContestant> contestants = [];
        if (Has(workshop.Floor, "No C compiler (cc): the kernel's floor was not measured."))
        {
            contestants.Add(new Floor(workshop.Floor, options.Containers));
        }

        if (options.Wants("engine"))
        {
            contestants.Add(InProcess(masquerade: false));
            contestants.Add(InProcess(masquerade: true));
        }

        bool withCmdlets = options.Wants("cmdlets");
        Network network = Network.Bridge(Names.Cmdlets, masquerade: false);
        using (Cmdlets? cmdlets = withCmdlets ? new Cmdlets(workshop.Module, network, options.Containers) : null)
        {
            Race.Run("engine", cmdlets is null ? contestants : [.. contestants, cmdlets], options.Rounds, _board);
        }

        if (withCmdlets)
        {
            Race.Run("fresh pwsh", [new FreshSession(workshop.Module, network)], options.Rounds, _board);
        }
    }

    private void AgainstGo()
    {
        if (!HasSpawn())
        {
            return;
        }

        int containers = Math.Max(1, options.Containers / options.Rounds);
        List<IContestant> contestants = [];
        bool hasGo = HasGo("bridge");
        foreach (bool masquerade in (bool[])[false, true])
        {
            contestants.Add(Program(Names.Executable, workshop.Plugins, masquerade, containers));
            if (hasGo)
            {
                contestants.Add(Program(Names.Go, Folders.GoPrograms, masquerade, containers));
            }
        }

        Race.Run("executable", contestants, options.Rounds, _board);
    }

    private void AgainstNumbers()
    {
        List<IContestant> contestants = [];
        bool hasSpawn = HasSpawn(), hasGo = hasSpawn && HasGo("host-local");
        foreach (int held in Held)
        {
            contestants.Add(new EngineStore(held));
            if (hasSpawn)
            {
                contestants.Add(new ProgramStore(Names.Executable, new Spawn(workshop.Spawn, workshop.Plugins, "host-local"), held));
            }

            if (hasGo && held <= HeldByGo)
            {
                contestants.Add(new ProgramStore(Names.Go, new Spawn(workshop.Spawn, Folders.GoPrograms, "host-local"), held));
            }
        }

        Race.Run("address store", contestants, options.Rounds, _board);
    }

    private void Together()
    {
        int[] sizes = options.Quick ? [.. Bulk.Sizes.Where(size => size <= Bulk.Quick)] : Bulk.Sizes;
        Container.Create(sizes[^1], from: options.Containers);
        bool hasFloor = Has(workshop.Floor, "No C compiler (cc): the kernel's floor was not measured.");
        foreach (int size in sizes)
        {
            List<IContestant> contestants = hasFloor ? [new BulkFloor(workshop.Floor, size)] : [];
            foreach (bool together in (bool[])[false, true])
            {
                string title = together ? Names.Of(Names.Engine, size) : Names.OneByOne(Names.Engine, size);
                contestants.Add(new Bulk(title, Network.Bridge(title, masquerade: false), size, together));
            }

            if (size >= Bulk.Quick)
            {
                string title = Names.Of(Names.Cmdlets, size);
                contestants.Add(new BulkCmdlets(workshop.Module, Network.Bridge(title, masquerade: false), size));
                contestants.Add(new ManyNamespaces(size));
                if (hasFloor)
                {
                    contestants.Add(new NamespaceFloor(workshop.Floor, size));
                }
            }

            Race.Run($"{size} together", contestants, Math.Min(options.Rounds, Bulk.MostRounds), _board);
        }
    }

    private Engine InProcess(bool masquerade)
    {
        string title = Title(Names.Engine, masquerade);
        return new Engine(title, Network.Bridge(title, masquerade), options.Containers);
    }

    private PluginProgram Program(string name, string folder, bool masquerade, int containers)
    {
        string title = Title(name, masquerade);
        return new PluginProgram(title, new Spawn(workshop.Spawn, folder, "bridge"), Network.Bridge(title, masquerade), containers);
    }

    private static string Title(string name, bool masquerade) => masquerade ? Names.Masquerading(name) : name;

    private bool HasSpawn() => Has(workshop.Spawn, "No C compiler (cc): no programs were run.");

    private bool HasGo(string plugin) => Has(
        Path.Combine(Folders.GoPrograms, plugin),
        $"No {plugin} in {Folders.GoPrograms} (containernetworking-plugins): nothing to compare with.");

    private bool Has(string path, string otherwise)
    {
        bool has = Path.Exists(path);
        if (!has)
        {
            _board.Note(otherwise);
        }

        return has;
    }
}
