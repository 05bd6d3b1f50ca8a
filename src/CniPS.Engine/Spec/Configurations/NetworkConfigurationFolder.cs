using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>A folder of network configurations, such as <c>/etc/cni/net.d</c>.</summary>
public sealed class NetworkConfigurationFolder
{
    /// <summary>Names a folder; nothing is read yet.</summary>
    /// <param name="path">The folder's path. It need not exist.</param>
    public NetworkConfigurationFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>
    /// Finds a network by name: first among the lists (<c>.conflist</c>), then among the single-plugin files (<c>.conf</c>, <c>.json</c>),
    /// each in the order of file names as bytes. Files behind the one that matches are not read.
    /// </summary>
    /// <param name="name">The network's name.</param>
    /// <param name="strict">
    /// True: as libcni, where any broken file on the way ends the search, and a list in a <c>.conf</c> is broken. False: broken files are
    /// passed over, and every file may hold either kind.
    /// </param>
    /// <param name="onBrokenFile">Takes the errors of the files that are passed over.</param>
    /// <exception cref="CniException">
    /// <c>no net configuration with name …</c> (<see cref="CniErrorIds.NetworkNotFound"/>), <c>no net configurations found in …</c>
    /// (<see cref="CniErrorIds.NoNetworkConfigurations"/>), both code 7; a folder that can't be read (code 5); if strict, the error of a broken
    /// file.
    /// </exception>
    public NetworkConfigurationList Load(string name, bool strict, Action<CniException>? onBrokenFile = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var search = new Search(strict, onBrokenFile);
        List<string> lists = ConfigurationFiles.Lists(Path);
        if (search.Find(lists, name, NetworkConfigurationList.LoadList) is { } list)
        {
            return list;
        }

        List<string> singles = ConfigurationFiles.Singles(Path);
        return search.Find(singles, name, strict ? LoadSingle : NetworkConfigurationList.Load)
            ?? throw (lists.Count + singles.Count > 0 ? NotFound(name, search) : Empty());
    }

    /// <summary>
    /// Reads every network of the folder, in the order in which container runtimes (containerd, CRI-O) look for their default: lists and
    /// single-plugin files together, by file name as bytes. The first one is the default network.
    /// </summary>
    /// <param name="onBrokenFile">Takes the errors of files that can't be read; they are passed over.</param>
    /// <returns>The networks, read one by one as they are asked for. None where the folder is missing.</returns>
    /// <exception cref="CniException">The folder can't be read (<see cref="CniErrorIds.UnreadableFile"/>, code 5).</exception>
    public IEnumerable<NetworkConfigurationList> LoadAll(Action<CniException> onBrokenFile)
    {
        ArgumentNullException.ThrowIfNull(onBrokenFile);
        var search = new Search(strict: false, onBrokenFile);
        foreach (string file in ConfigurationFiles.All(Path))
        {
            if (search.Load(file, NetworkConfigurationList.Load) is { } list)
            {
                yield return list;
            }
        }
    }

    /// <summary>
    /// Reads every network of the folder once: of several files of one name, the one that <see cref="Load"/> finds. Broken files are passed over.
    /// </summary>
    /// <exception cref="CniException">The folder can't be read (<see cref="CniErrorIds.UnreadableFile"/>, code 5).</exception>
    public IEnumerable<NetworkConfigurationList> LoadUsed()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        var search = new Search(strict: false, null);
        foreach (string file in (List<string>)[.. ConfigurationFiles.Lists(Path), .. ConfigurationFiles.Singles(Path)])
        {
            if (search.Load(file, NetworkConfigurationList.Load) is { } list && seen.Add(list.Name))
            {
                yield return list;
            }
        }
    }

    private static NetworkConfigurationList LoadSingle(string file) =>
        NetworkConfigurationList.FromPlugin(PluginConfiguration.Parse(ConfigurationFiles.Read(file), file));

    private CniException NotFound(string name, Search search)
    {
        string? nearest = NearestWord.Find(name, search.Names);
        string names = search.Names.Count == 0 ? "There is no other network."
            : nearest is not null ? $"Did you mean \"{nearest}\"?"
            : $"The networks there: {string.Join(", ", search.Names)}.";
        string broken = search.Broken.Count == 0 ? "" : $" Or it is in a file that can't be read: {string.Join(", ", search.Broken)}.";
        return new CniException(
            CniErrorIds.NetworkNotFound,
            CniErrorCode.InvalidNetworkConfig,
            $"no net configuration with name {GoText.Quote(name)} in {Path}")
        {
            RecommendedAction = names + broken,
            Target = name,
        };
    }

    private CniException Empty() =>
        new(CniErrorIds.NoNetworkConfigurations, CniErrorCode.InvalidNetworkConfig, $"no net configurations found in {Path}")
        {
            RecommendedAction = "Put a network configuration list (.conflist) there, or name another folder.",
            Target = Path,
        };

    /// <summary>One walk through files, and what was seen on the way.</summary>
    private sealed class Search(bool strict, Action<CniException>? onBrokenFile)
    {
        public List<string> Names { get; } = [];

        public List<string> Broken { get; } = [];

        public NetworkConfigurationList? Find(List<string> files, string name, Func<string, NetworkConfigurationList> load)
        {
            foreach (string file in files)
            {
                if (Load(file, load) is { } list)
                {
                    if (list.Name == name)
                    {
                        return list;
                    }

                    Names.Add(list.Name);
                }
            }

            return null;
        }

        public NetworkConfigurationList? Load(string file, Func<string, NetworkConfigurationList> load)
        {
            try
            {
                return load(file);
            }
            catch (CniException e) when (!strict)
            {
                Broken.Add(file);
                onBrokenFile?.Invoke(e);
                return null;
            }
        }
    }
}
