namespace CniPS;

/// <summary>What became of an attachment.</summary>
public enum CniAttachmentState
{
    /// <summary>It can't be told: no namespace was given, or looking into it is not allowed.</summary>
    Unknown,

    /// <summary>The interface is in its namespace.</summary>
    Alive,

    /// <summary>An interface of that name is in the namespace, but not the one that ADD made: its MAC address and its other end differ.</summary>
    Foreign,

    /// <summary>The namespace is there, without the interface.</summary>
    InterfaceGone,

    /// <summary>The namespace is not there any more.</summary>
    NamespaceGone,
}
