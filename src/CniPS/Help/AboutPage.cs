using System.Collections.Generic;

namespace CniPS.Help;

/// <summary>A topic's page.</summary>
internal sealed record AboutPage(string Name, string ShortDescription, IReadOnlyList<AboutSection> Sections, IReadOnlyList<Link> Links);

/// <summary>A section of the long description: the beginning (level 2, without a heading of its own), or one of level 3 or 4.</summary>
internal sealed record AboutSection(int Level, string Heading, IReadOnlyList<Block> Text);
