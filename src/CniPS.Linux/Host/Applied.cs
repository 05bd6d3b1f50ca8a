using CniPS.Linux.Route;

namespace CniPS.Linux.Host;

/// <summary>A change that was made.</summary>
/// <param name="Change">The change.</param>
/// <param name="Undo">What takes it back; null where nothing is to be taken back (nothing changed, or it can't be).</param>
/// <param name="Link">For a new or changed link, how the kernel describes it now.</param>
public sealed record Applied(Change Change, Change? Undo = null, Link? Link = null);
