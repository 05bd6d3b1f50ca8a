using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// What a container runtime does with network configuration lists (SPEC, section 3, "Execution of network configurations"). It has no state
/// but what it was made with, and can be used from several threads. Over a <see cref="PlannedHost"/> the same code only plans: every change
/// is told to the observer, and none is made.
/// </summary>
public sealed class CniRuntime
{
    private readonly Services _services;

    /// <summary>Makes a runtime.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How it works.</param>
    /// <param name="observer">Is told every step.</param>
    public CniRuntime(IHost host, RuntimeOptions options, IOperationObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _services = new Services(host, options, observer);
    }

    /// <summary>The machine.</summary>
    public IHost Host => _services.Host;

    /// <summary>The cached results.</summary>
    public ResultCache Cache => _services.Cache;

    /// <summary>ADD (SPEC, section 3, "Adding an attachment").</summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">What to attach.</param>
    /// <param name="cancellation">Stops it; what was made is undone.</param>
    /// <returns>The last plugin's result; null where the list has no plugins, or where a plan depends on what a program would answer.</returns>
    /// <exception cref="CniException">
    /// A name is invalid, a plugin is missing or failed (<see cref="PluginCallException"/>), the attachment exists
    /// (<see cref="RuntimeErrorIds.AttachmentExists"/>), or the result can't be cached.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public CniResult? Add(NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation = default) =>
        new AddOperation(_services, Given(list), Given(attachment), null, cancellation).Run();

    /// <summary>ADD whose result has to reach somebody before it counts: who isn't told of an attachment does not have it.</summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">What to attach.</param>
    /// <param name="tell">Is given the result as the last step; where it throws a <see cref="CniException"/>, everything is undone.</param>
    /// <param name="cancellation">Stops it; what was made is undone.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="CniException">As of the other, or of <paramref name="tell"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public CniResult? Add(
        NetworkConfigurationList list, Attachment attachment, Action<CniResult> tell, CancellationToken cancellation = default) =>
        new AddOperation(_services, Given(list), Given(attachment), Given(tell), cancellation).Run();

    /// <summary>DEL (SPEC, section 3, "Deleting an attachment"). Doing it again, or for what never was, is no error.</summary>
    /// <param name="list">The network; null: as it was at ADD, from the cache, where only one network has that attachment.</param>
    /// <param name="attachment">What to remove. What is not given is as it was at ADD.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <exception cref="CniException">A plugin failed; several: <see cref="CniErrorIds.DeleteIncomplete"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the rest can be removed by doing it again.</exception>
    public void Delete(NetworkConfigurationList? list, Attachment attachment, CancellationToken cancellation = default)
    {
        if (list is not null)
        {
            DeleteOperation.Run(_services, list, Given(attachment), cancellation);
        }
        else if (FindOnly(Given(attachment)) is { } cached)
        {
            Delete(cached, cancellation);
        }
    }

    /// <summary>DEL of a cached attachment, with the configuration that ADD was given.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <exception cref="CniException">As the other; or the configuration can't be read (<see cref="RuntimeErrorIds.CacheUnreadable"/>).</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Delete(CachedAttachment attachment, CancellationToken cancellation = default) =>
        DeleteOperation.Run(_services, ConfigurationOf(attachment), attachment.ToAttachment(), cancellation);

    /// <summary>Takes an attachment out of the cache, and calls no plugin: for what nobody can delete any more. Its addresses stay taken until GC.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="cancellation">Stops it while it waits for whoever works on the attachment.</param>
    /// <exception cref="CniException">The file can't be removed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Forget(CachedAttachment attachment, CancellationToken cancellation = default) =>
        ForgetOperation.Run(_services, Given(attachment), cancellation);

    /// <summary>CHECK (SPEC, section 3, "Checking an attachment").</summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">What to check.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Every difference between what ADD made and what is; none if all is well. Dispose it when its repairs are not needed (any more).</returns>
    /// <exception cref="CniException">
    /// The version has no CHECK (<see cref="CniErrorIds.VerbNotSupported"/>), the cached result can't be read, or a plugin could not check.
    /// </exception>
    public CheckReport Check(NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation = default) =>
        CheckOperation.Run(_services, Given(list), Given(attachment), cancellation);

    /// <summary>CHECK of a cached attachment, with the configuration that ADD was given.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="CniException">As the other.</exception>
    public CheckReport Check(CachedAttachment attachment, CancellationToken cancellation = default) =>
        CheckOperation.Run(_services, ConfigurationOf(attachment), attachment.ToAttachment(), cancellation);

    /// <summary>Mends what CHECK finds, as far as changes can, and checks again.</summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">What to mend.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <returns>What was mended, and what only DEL and ADD can.</returns>
    /// <exception cref="CniException">As <see cref="Check(NetworkConfigurationList, Attachment, CancellationToken)"/>; or a change failed (<see cref="RuntimeErrorIds.RepairFailed"/>).</exception>
    public RepairReport Repair(NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation = default) =>
        new RepairOperation(_services, Given(list), Given(attachment), cancellation).Run();

    /// <summary>Turns the rules of a cached attachment into those of a backend while its container runs; the cached configuration names it from then on.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="to">The backend.</param>
    /// <param name="cancellation">Stops it between two steps; then all is as it was.</param>
    /// <returns>The types of those of its plugins that have rules of it, all of them in that form now; none where there are none.</returns>
    /// <exception cref="CniException">A step failed, and all is as it was (<see cref="RuntimeErrorIds.ConversionFailed"/>, or the plugin's own error).</exception>
    public IReadOnlyList<string> Convert(CachedAttachment attachment, RuleBackend to, CancellationToken cancellation = default) =>
        new ConvertOperation(_services, Given(attachment), to, cancellation).Run(ConfigurationOf(attachment));

    /// <summary>
    /// Puts an attachment in the place of a living one: on its network as that is now, or on another. Addresses and the MAC address are kept where they
    /// fit. It is DEL and ADD in one: the container is never left without a network.
    /// </summary>
    /// <param name="attachment">The living attachment.</param>
    /// <param name="list">The network to have it on.</param>
    /// <param name="asked">How it is to be; its container, interface and namespace are those of the living one.</param>
    /// <param name="cancellation">Stops it; then the old one is there again.</param>
    /// <returns>The new result; null where a plan depends on what a program would answer.</returns>
    /// <exception cref="CniException">
    /// It is not alive (<see cref="RuntimeErrorIds.AttachmentNotFound"/>), or a step failed (the plugin's error, or
    /// <see cref="RuntimeErrorIds.ReplaceFailed"/>): the message says what became of the old one, which as a rule is there as it was.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped, and the old one is there as it was.</exception>
    public CniResult? Replace(
        CachedAttachment attachment, NetworkConfigurationList list, Attachment asked, CancellationToken cancellation = default) =>
        new ReplaceOperation(_services, Given(attachment), Given(list), Given(asked), cancellation).Run();

    /// <summary>STATUS (SPEC, section 2, "STATUS"): returns if every plugin is ready for ADD. Below 1.1.0 nobody is asked.</summary>
    /// <param name="list">The network.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CniException">The first that is not; codes 50 and 51 are its own.</exception>
    public void Status(NetworkConfigurationList list, CancellationToken cancellation = default) =>
        StatusOperation.Run(_services, Given(list), cancellation);

    /// <summary>
    /// GC (SPEC, section 2, "GC"): removes the attachments of a network that are not valid any more, and what killed processes left; then
    /// each plugin removes what belongs to none; then goes what they shared and nobody uses.
    /// </summary>
    /// <param name="list">The network.</param>
    /// <param name="valid">
    /// The attachments that must stay: what else is cached goes unless it can't be told whether it is gone. Null: those in the cache that are not
    /// proven gone (as libcni: none). What no cache knows goes in neither case before it is older than <see cref="RuntimeOptions.Patience"/> and
    /// proven gone.
    /// </param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <returns>The attachments removed, and everything else.</returns>
    /// <exception cref="GarbageException">A step failed; several: <see cref="RuntimeErrorIds.CollectionIncomplete"/>. The others were taken.</exception>
    public GarbageReport CollectGarbage(
        NetworkConfigurationList list, IReadOnlyList<AttachmentKey>? valid, CancellationToken cancellation = default) =>
        CollectGarbage(list, valid, [], cancellation);

    /// <summary>GC that also removes what is named, though it can't be told whether it is gone.</summary>
    /// <param name="list">The network.</param>
    /// <param name="valid">As for the other.</param>
    /// <param name="named">What is removed in any case, even if it is alive.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="GarbageException">As of the other.</exception>
    public GarbageReport CollectGarbage(
        NetworkConfigurationList list, IReadOnlyList<AttachmentKey>? valid, IReadOnlyList<AttachmentKey> named, CancellationToken cancellation = default) =>
        new CollectOperation(_services, Given(list), Given(named), cancellation).Run(valid);

    /// <summary>VERSION of a plugin (SPEC, section 2, "VERSION").</summary>
    /// <param name="pluginType">Its type.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CniException">There is no such plugin, or it can't be asked.</exception>
    public PluginVersionInfo Version(string pluginType, CancellationToken cancellation = default) =>
        new PluginInvoker(_services.Host, _services.Options, _services.Observer).Version(pluginType, _services.Options.PluginPath, cancellation);

    /// <summary>Whether every plugin of a network is there and speaks its version.</summary>
    /// <param name="list">The network.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The capabilities that its plugins want, sorted.</returns>
    /// <exception cref="CniException">Everything that is wrong (<see cref="RuntimeErrorIds.NetworkNotRunnable"/>).</exception>
    public IReadOnlyList<string> Validate(NetworkConfigurationList list, CancellationToken cancellation = default) =>
        ValidateOperation.Run(_services, Given(list), cancellation);

    private CachedAttachment? FindOnly(Attachment attachment)
    {
        CachedAttachment? found = null;
        foreach (CachedAttachment cached in Cache.List())
        {
            if (cached.ContainerId == attachment.ContainerId && cached.InterfaceName == attachment.InterfaceName)
            {
                found = found is null ? cached : throw new CniException(
                    RuntimeErrorIds.AttachmentNotFound,
                    CniErrorCode.Internal,
                    $"container {attachment.ContainerId} has interface {attachment.InterfaceName} on several networks: {found.Network}, {cached.Network}")
                {
                    Target = attachment,
                    RecommendedAction = "Name the network.",
                };
            }
        }

        return found;
    }

    private static NetworkConfigurationList ConfigurationOf(CachedAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return attachment.Configuration ?? throw new CniException(
            RuntimeErrorIds.CacheUnreadable,
            CniErrorCode.DecodingFailure,
            $"the configuration in {attachment.Path} can't be read")
        {
            Target = attachment.Path,
            RecommendedAction = "Name the network's file.",
        };
    }

    private static T Given<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }
}
