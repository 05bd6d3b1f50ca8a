using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Help;

/// <summary>Makes the files that Get-Help reads. Arguments: the folder of pages, the folder to fill, the assembly of the cmdlets.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [{ } pages, { } output, { } assembly])
        {
            Console.Error.WriteLine("Usage: CniPS.Help PAGES OUTPUT ASSEMBLY");
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
        MamlFile.Write(Path.Join(output, assembly + "-Help.xml"), commands);
        topics.ForEach(topic => File.WriteAllText(Path.Join(output, topic.Name + ".help.txt"), AboutText.Of(topic)));
        return 0;
    }

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
