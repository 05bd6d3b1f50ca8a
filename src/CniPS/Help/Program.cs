using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Help;

/// <summary>
/// Makes the files that Get-Help reads. Arguments: the folder of pages, the folder to fill, the assembly of the cmdlets,
/// and the address of the project, where it has one on the web: its pages are what -Online opens.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["errors" or "check-errors", { } page, { } sources])
        {
            return Errors(page, sources, isCheck: arguments[0] == "check-errors");
        }

        if (arguments is not [{ } pages, { } output, { } assembly, .. { Length: < 2 } project])
        {
            Console.Error.WriteLine("Usage: CniPS.Help PAGES OUTPUT ASSEMBLY [PROJECT] | errors PAGE SOURCES | check-errors PAGE SOURCES");
            return 2;
        }

        List<PageException> errors = [];
        List<CommandPage> commands = Read(Directory.GetFiles(pages, "*-*.md"), CommandPageReader.Read, errors);
        List<AboutPage> topics = Read(Directory.GetFiles(pages, "about_*.md"), AboutPageReader.Read, errors);
        if (errors.Count > 0)
        {
            // As MSBuild wants it, so that it becomes an error of the build.
            errors.ForEach(error => Console.Error.WriteLine($"{error.File}({error.Line}): error CNIHELP: {error.Message}"));
            return 1;
        }

        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        Directory.CreateDirectory(output);
        MamlFile.Write(Path.Join(output, assembly + "-Help.xml"), commands, PagesOf(project is [{ } address] ? address : ""));
        topics.ForEach(topic => File.WriteAllText(Path.Join(output, topic.Name + ".help.txt"), AboutText.Of(topic)));
        return 0;
    }

    /// <summary>Writes the page of errors anew, or holds it against what would be written.</summary>
    private static int Errors(string page, string sources, bool isCheck)
    {
        string written = File.ReadAllText(page);
        try
        {
            string made = ErrorPage.Make(written, sources);
            if (made == written)
            {
                return 0;
            }

            if (!isCheck)
            {
                File.WriteAllText(page, made);
                return 0;
            }

            Console.Error.WriteLine(
                $"{page}(1): error CNIHELP: the errors in the code are others; write the page anew: dotnet run --project src/CniPS/Help -- errors {page} {sources}");
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine($"{page}(1): error CNIHELP: {e.Message}");
        }

        return 1;
    }

    /// <summary>Where a project on the web, of which the clone's address is known, shows its pages; null where it is not on the web.</summary>
    private static string? PagesOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? $"{(address.EndsWith(".git", StringComparison.Ordinal) ? address[..^4] : address.TrimEnd('/'))}/blob/main/docs/en-US/"
            : null;

    /// <summary>Reads pages, each to its first error.</summary>
    private static List<T> Read<T>(string[] files, Func<PageLines, T> read, List<PageException> errors)
    {
        List<T> pages = [];
        Array.Sort(files, StringComparer.Ordinal);
        foreach (string file in files)
        {
            try
            {
                pages.Add(read(new PageLines(file, File.ReadAllLines(file))));
            }
            catch (PageException e)
            {
                errors.Add(e);
            }
        }

        return pages;
    }
}
