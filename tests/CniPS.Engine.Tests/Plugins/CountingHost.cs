using System;
using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>A real machine that calls before each change, so that a test can stop or fail an operation there. Undoing goes through untouched.</summary>
internal sealed class CountingHost(IHost real, Action beforeChange) : DelegatingHost(real)
{
    private bool _struck;

    public override IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
    {
        List<Applied> made = [];
        foreach (Change change in changes)
        {
            if (!_struck)
            {
                try
                {
                    beforeChange();
                }
                catch (Linux.LinuxException e)
                {
                    _struck = true;
                    throw new ChangeException(change, made, e);
                }
            }

            try
            {
                made.AddRange(base.Apply([change]));
            }
            catch (ChangeException e)
            {
                throw new ChangeException(e.Change, [.. made, .. e.Made], e.InnerException!);
            }
        }

        return made;
    }
}
