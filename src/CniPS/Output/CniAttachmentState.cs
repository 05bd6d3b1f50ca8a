namespace CniPS;

/// <summary>What became of an attachment.</summary>
public enum CniAttachmentState
{
    /// <summary>It can't be told: nothing visible has its interface, and not everything can be seen. GC leaves it alone.</summary>
    Unknown,

    /// <summary>The interface is there, in its namespace or in another, perhaps under another name.</summary>
    Alive,

    /// <summary>An interface of that name is in the namespace, but not the one that ADD made: its MAC address, its addresses and its other end differ. GC leaves it alone.</summary>
    Foreign,

    /// <summary>The namespace is there, without the interface, which is nowhere else.</summary>
    InterfaceGone,

    /// <summary>The namespace is not there any more, and its interface is nowhere.</summary>
    NamespaceGone,
}
