using System;
using System.IO;
using System.Management.Automation;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Turns what went wrong into error records: a stable id, a category, the target, and what to do.</summary>
internal static class ErrorRecords
{
    /// <summary>Whether an exception is about the item at hand; any other is a defect of the module, and ends the command.</summary>
    internal static bool IsExpected(Exception e) =>
        e is CniException or LinuxException or NotANamespaceException or IOException or UnauthorizedAccessException;

    /// <summary>Makes one.</summary>
    /// <param name="e">What went wrong.</param>
    /// <param name="place">What with, where the error doesn't name it, and in whose words: of a pipeline's errors each tells whose it is.</param>
    internal static ErrorRecord From(Exception e, ItemPlace place)
    {
        string? subject = place.SubjectOf(e.Message);
        CniException? cni = e as CniException;
        string message = cni?.Position is { } position ? $"{position}: {e.Message}" : e.Message;
        message = subject is null || cni?.Position is not null ? message : $"{subject}: {message}";
        return new ErrorRecord(e, IdOf(e), ErrorCategories.Of(e), cni?.Target ?? place.Target)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = cni?.RecommendedAction ?? Advice(e) },
        };
    }

    private static string IdOf(Exception e) => KernelErrors.IsPrivilege(e) ? CniErrorIds.PrivilegeRequired
        : KernelErrors.Of(e)?.ErrorId ?? ModuleErrorIds.Unforeseen;

    private static string? Advice(Exception e) => ErrorCategories.Of(e) == ErrorCategory.PermissionDenied
        ? "Run pwsh as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN."
        : KernelErrors.Of(e) is { } known ? known.RecommendedAction
        : "This is a defect of CniPS: please report it, with $Error[0].Exception.StackTrace and what you called.";
}
