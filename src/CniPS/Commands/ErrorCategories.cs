using System;
using System.IO;
using System.Management.Automation;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>What kind of error it is: by the kernel's number where that refused, else by id, else by the specification's code.</summary>
internal static class ErrorCategories
{
    internal static ErrorCategory Of(Exception error) => OfKernel(error) ?? error switch
    {
        CniException e => OfId(e.ErrorId) ?? OfCode((int)e.Code),
        NotANamespaceException => ErrorCategory.InvalidArgument,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.ReadError,
        _ => ErrorCategory.InvalidOperation,
    };

    private static ErrorCategory? OfKernel(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is LinuxException e)
            {
                return OfErrno(e);
            }
        }

        return null;
    }

    // errno(3): the numbers are the same on every architecture that .NET runs on.
    private static ErrorCategory? OfErrno(LinuxException e) => e switch
    {
        { IsPermission: true } => ErrorCategory.PermissionDenied,
        { IsExists: true } => ErrorCategory.ResourceExists,
        { IsNotFound: true } => ErrorCategory.ObjectNotFound,
        { Errno: 16 or 11 } => ErrorCategory.ResourceBusy,          // EBUSY, EAGAIN
        { Errno: 22 or 34 or 36 } => ErrorCategory.InvalidArgument, // EINVAL, ERANGE, ENAMETOOLONG
        { Errno: 38 or 95 } => ErrorCategory.NotImplemented,        // ENOSYS, EOPNOTSUPP
        { Errno: 12 or 23 or 24 or 28 or 105 } => ErrorCategory.ResourceUnavailable, // ENOMEM, ENFILE, EMFILE, ENOSPC, ENOBUFS
        { Errno: 30 } => ErrorCategory.WriteError,                  // EROFS
        { Errno: 110 } => ErrorCategory.OperationTimeout,           // ETIMEDOUT
        _ => null,
    };

    private static ErrorCategory? OfId(string id) => id switch
    {
        "CniInvalidJson" => ErrorCategory.ParserError,
        "CniInvalidNetworkConfig" or "CniIncompatibleVersion" => ErrorCategory.InvalidData,
        "CniInvalidName" or "CniInvalidArgs" or "CniInvalidVersion" or "CniUnsupportedField" or ModuleErrorIds.InvalidValue
            or ModuleErrorIds.ContainerNotGiven or CniErrorIds.CapabilityNotDeclared or RuntimeErrorIds.NoCommonFamily => ErrorCategory.InvalidArgument,
        "CniNetworkNotFound" or "CniLinkNotFound" or "CniNoNetworkConfigurations" or "CniPluginNotFound" or RuntimeErrorIds.AttachmentNotFound
            or ModuleErrorIds.NamespaceNotFound or ModuleErrorIds.NodeNotFound or ModuleErrorIds.InterfaceNotFound or ModuleErrorIds.NetworkWithoutFile
            or ModuleErrorIds.ProgramNotFound or RuntimeErrorIds.EndNotFound => ErrorCategory.ObjectNotFound,
        "CniAttachmentExists" or "CniInterfaceExists" or "CniBridgeConflict" or "CniPortTaken" or CniErrorIds.DhcpSocketTaken or ModuleErrorIds.FileExists
            or ModuleErrorIds.NamespaceExists => ErrorCategory.ResourceExists,
        "CniInvalidNamespace" or "CniAddressUnavailable" => ErrorCategory.ResourceUnavailable,
        "CniLinkNotReady" or "CniPluginTimeout" => ErrorCategory.OperationTimeout,
        "CniInvalidResult" or "CniPluginProtocolError" or ModuleErrorIds.AttachmentDiffers => ErrorCategory.InvalidResult,
        "CniUnreadableFile" or "CniCacheUnreadable" => ErrorCategory.ReadError,
        "CniVerbNotSupported" => ErrorCategory.NotImplemented,
        ModuleErrorIds.NetworkInUse or CniErrorIds.ClusterNodeRefused => ErrorCategory.ResourceBusy,
        ModuleErrorIds.NamespaceNotNamed => ErrorCategory.InvalidOperation,
        _ => null,
    };

    private static ErrorCategory OfCode(int code) => code switch
    {
        1 or 7 => ErrorCategory.InvalidData,
        2 or 4 => ErrorCategory.InvalidArgument,
        3 => ErrorCategory.ObjectNotFound,
        5 => ErrorCategory.ReadError,
        6 => ErrorCategory.ParserError,
        8 or 50 => ErrorCategory.ResourceUnavailable,
        11 => ErrorCategory.ResourceBusy,
        51 => ErrorCategory.ConnectionError,
        999 => ErrorCategory.InvalidOperation,
        _ => ErrorCategory.InvalidResult,
    };
}
