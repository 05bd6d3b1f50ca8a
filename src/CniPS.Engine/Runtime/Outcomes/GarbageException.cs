using System;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A step of GC failed, or several; the others were taken.</summary>
public sealed class GarbageException : CniException
{
    internal GarbageException(CniException failure, GarbageReport removed)
        : base(failure.ErrorId, failure.Code, failure.Message, null, failure.InnerException) => Removed = removed;

    /// <summary>What was removed all the same.</summary>
    public GarbageReport Removed { get; }
}
