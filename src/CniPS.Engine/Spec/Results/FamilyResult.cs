using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>What results of 0.1.0 and 0.2.0 say of one family: <c>ip4</c> or <c>ip6</c>.</summary>
/// <param name="Address">The address. Its <see cref="CniIPConfig.Version"/> is the family's, whatever the address is.</param>
/// <param name="Routes">The routes that stand under it.</param>
internal sealed record FamilyResult(CniIPConfig Address, IReadOnlyList<CniRoute> Routes);
