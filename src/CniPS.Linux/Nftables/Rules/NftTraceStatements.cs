using System;
using System.Globalization;

namespace CniPS.Linux.Nftables;

/// <summary>Goes on only if there are given bytes at a place of the header above IP, or of what it carries: <c>@th,64,32 0x1020304</c>.</summary>
/// <param name="Offset">The place, in bytes.</param>
/// <param name="Bytes">The bytes, at most 16.</param>
public sealed record NftTransportMatch(uint Offset, ReadOnlyMemory<byte> Bytes) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"@th,{Offset * 8},{Bytes.Length * 8} 0x{Convert.ToHexString(Bytes.Span)}");

    /// <summary>Whether both ask for the same bytes at the same place.</summary>
    public bool Equals(NftTransportMatch? other) => other is not null && Offset == other.Offset && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.LoadTransport(Offset, (uint)Bytes.Length);
        writer.Compare(Bytes.Span, not: false);
    }
}

/// <summary>Has the kernel tell whoever listens (NFNLGRP_NFTRACE) what becomes of the packet: <c>meta nftrace set 1</c>.</summary>
public sealed record NftSetTrace : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => "meta nftrace set 1";

    internal override void Write(ref NftExpressionWriter writer) => writer.SetTrace();
}
