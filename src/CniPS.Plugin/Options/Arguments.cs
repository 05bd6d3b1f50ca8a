using System;
using System.Collections.Generic;

namespace CniPS.Plugin.Options;

/// <summary>
/// A command line taken apart: <c>--option value</c>, <c>--option=value</c>, <c>-o value</c>, and <c>--</c> before what is no option.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<Option, List<string>> _options = [];
    private readonly List<string> _positionals = [];

    /// <summary>Takes a command line apart.</summary>
    /// <exception cref="UsageException">There is an option that is unknown, lacks its value, or has one too many.</exception>
    internal Arguments(ReadOnlySpan<string> arguments, IReadOnlyList<Option> known)
    {
        bool onlyPositionals = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (onlyPositionals || argument.Length < 2 || argument[0] != '-')
            {
                _positionals.Add(argument);
            }
            else if (argument == "--")
            {
                onlyPositionals = true;
            }
            else
            {
                i += Take(argument, arguments[(i + 1)..], known);
            }
        }
    }

    /// <summary>What is no option, in order.</summary>
    internal IReadOnlyList<string> Positionals => _positionals;

    /// <summary>Whether an option was given.</summary>
    internal bool Has(Option option) => _options.ContainsKey(option);

    /// <summary>An option's value: as given last, else of its environment variable unless that is empty, else null.</summary>
    internal string? Get(Option option)
    {
        if (GetAll(option) is [.., string last])
        {
            return last;
        }

        return option.Variable is { } variable && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;
    }

    /// <summary>The values of an option that can be given several times.</summary>
    internal IReadOnlyList<string> GetAll(Option option) => _options.TryGetValue(option, out List<string>? values) ? values : [];

    // Returns how many of the arguments behind it were its value.
    private int Take(string argument, ReadOnlySpan<string> rest, IReadOnlyList<Option> known)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        Option option = Find(name, known) ?? throw new UsageException($"there is no option {name}");
        if (option.Value is null)
        {
            if (equals < 0 || (option.TakesBoolean && argument[(equals + 1)..] == "true"))
            {
                Add(option, "");
            }
            else if (!option.TakesBoolean || argument[(equals + 1)..] != "false")
            {
                throw new UsageException($"{name} takes no value{(option.TakesBoolean ? ", or true or false" : "")}");
            }

            return 0;
        }

        if (equals >= 0)
        {
            Add(option, argument[(equals + 1)..]);
            return 0;
        }

        Add(option, rest.IsEmpty ? throw new UsageException($"{name} needs a value: {option.Synopsis}") : rest[0]);
        return 1;
    }

    private void Add(Option option, string value)
    {
        if (!_options.TryGetValue(option, out List<string>? values))
        {
            _options.Add(option, values = []);
        }

        values.Add(value);
    }

    private static Option? Find(string name, IReadOnlyList<Option> known)
    {
        foreach (Option option in known)
        {
            if (option.Is(name))
            {
                return option;
            }
        }

        return null;
    }
}
