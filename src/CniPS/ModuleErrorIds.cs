namespace CniPS;

/// <summary>The error ids that only the module has; all others are the engine's. None is ever reused.</summary>
public static class ModuleErrorIds
{
    /// <summary>CHECK found a difference between what should be and what is.</summary>
    public const string AttachmentDiffers = "CniAttachmentDiffers";

    /// <summary>Neither a container id nor a namespace was given, so that no attachment is named.</summary>
    public const string ContainerNotGiven = "CniContainerNotGiven";

    /// <summary>A value can't be turned into JSON.</summary>
    public const string InvalidValue = "CniInvalidValue";

    /// <summary>A file to write is there already.</summary>
    public const string FileExists = "CniFileExists";

    /// <summary>A namespace of that name is there already.</summary>
    public const string NamespaceExists = "CniNamespaceExists";

    /// <summary>There is no namespace of that name, path or process.</summary>
    public const string NamespaceNotFound = "CniNamespaceNotFound";

    /// <summary>The namespace has no name, so there is nothing to remove: it ends with its processes.</summary>
    public const string NamespaceNotNamed = "CniNamespaceNotNamed";

    /// <summary>A file could not be read or written.</summary>
    public const string FileFailed = "CniFileFailed";

    /// <summary>A program that the command needs is not installed.</summary>
    public const string ProgramNotFound = "CniProgramNotFound";
}
