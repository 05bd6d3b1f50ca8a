namespace CniPS;

/// <summary>The error ids that only the module has; all others are the engine's. None is ever reused.</summary>
public static class ModuleErrorIds
{
    /// <summary>CHECK has found a difference between what ADD made and what is. There is one error for each.</summary>
    /// <remarks>
    /// The recommended action is the command that mends it, or, where nothing does, the one that removes the attachment. The property <c>Repair</c> of
    /// the error's target has the single changes.
    /// </remarks>
    public const string AttachmentDiffers = "CniAttachmentDiffers";

    /// <summary>Neither a container id nor a namespace was given, so that no attachment is named.</summary>
    /// <remarks>Give <c>-ContainerId</c>, or <c>-Namespace</c> where that has the container's name.</remarks>
    public const string ContainerNotGiven = "CniContainerNotGiven";

    /// <summary>
    /// A value in a table (<c>-Plugin</c>, <c>-CapabilityArgs</c>) can't be turned into JSON: it is nested too deep, as one that contains itself
    /// is, or is a number that JSON does not have.
    /// </summary>
    /// <remarks>Give hashtables, arrays, texts, numbers, <c>$true</c> and <c>$false</c>.</remarks>
    public const string InvalidValue = "CniInvalidValue";

    /// <summary>The file of <c>-OutFile</c> is there already.</summary>
    /// <remarks>Give <c>-Force</c> to overwrite it, or another name.</remarks>
    public const string FileExists = "CniFileExists";

    /// <summary>There is a namespace of that name already.</summary>
    /// <remarks>Take another name, or use the one that is there.</remarks>
    public const string NamespaceExists = "CniNamespaceExists";

    /// <summary>There is no namespace of that name or path, and no process of that id.</summary>
    /// <remarks>Look at what there is with <c>Get-CniNamespace</c>, and with <c>-All</c> at those of processes.</remarks>
    public const string NamespaceNotFound = "CniNamespaceNotFound";

    /// <summary>There is no interface of that name, on the host or in that namespace.</summary>
    /// <remarks>
    /// Look at what there is with <c>ip link</c>, in a namespace with <c>Invoke-CniCommand</c>. For a container's interface, give
    /// <c>-Namespace</c> as well.
    /// </remarks>
    public const string InterfaceNotFound = "CniInterfaceNotFound";

    /// <summary>Containers are attached to the network, so its file is not removed. The message says which.</summary>
    /// <remarks>
    /// Take them off with <c>Remove-CniAttachment</c>, or give <c>-Force</c>: they can be taken off afterwards all the same.
    /// </remarks>
    public const string NetworkInUse = "CniNetworkInUse";

    /// <summary>The network is in no file that could be changed or removed.</summary>
    /// <remarks>Write it with <c>New-CniNetwork -OutFile</c>, or take one that <c>Get-CniNetwork</c> lists.</remarks>
    public const string NetworkWithoutFile = "CniNetworkWithoutFile";

    /// <summary>There is no node of that name in the cluster.</summary>
    /// <remarks>Look at what there is with <c>Get-CniNode</c>. Names are case-sensitive where a node is removed.</remarks>
    public const string NodeNotFound = "CniNodeNotFound";

    /// <summary>The namespace has no name, so there is nothing to remove.</summary>
    /// <remarks>Nothing, if it is not needed: it ends with the last process in it.</remarks>
    public const string NamespaceNotNamed = "CniNamespaceNotNamed";

    /// <summary>Something happened that the module did not foresee: a defect of it. What an operation had begun was taken back.</summary>
    /// <remarks>Report it, with what was called and <c>$Error[0].Exception.StackTrace</c>.</remarks>
    public const string Unforeseen = "CniUnforeseen";

    /// <summary>A program that the command needs is not installed.</summary>
    /// <remarks>Install the package that the message names.</remarks>
    public const string ProgramNotFound = "CniProgramNotFound";
}
