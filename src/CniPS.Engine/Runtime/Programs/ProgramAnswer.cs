using System;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Programs;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What a plugin program's end means (SPEC, section 5, "Error"), in libcni's words.</summary>
internal static class ProgramAnswer
{
    /// <summary>The error of a program that did not exit with 0.</summary>
    internal static CniException Error(ProgramOutcome outcome, PluginRequest request, string type, bool libcniMessages)
    {
        if (outcome.End == ProgramEnd.TimedOut && !libcniMessages)
        {
            return TimedOut(outcome, request, type);
        }

        if (outcome.End == ProgramEnd.Flooded)
        {
            return new ProgramException(
                RuntimeErrorIds.PluginProtocolError, CniErrorCode.Unknown, $"{outcome.Command.Path} wrote more than 16 MB to its standard output and was killed", outcome)
            {
                PluginType = type,
                Verb = request.Verb.ToCommand(),
                Target = outcome.Command.Path,
                RecommendedAction = "The plugin's answer has no end: run it by hand, or update it.",
            };
        }

        if (!outcome.Output.IsEmpty)
        {
            return Answered(outcome, request, type);
        }

        string end = outcome.Describe();
        bool silent = outcome.Error.IsEmpty;
        return new ProgramException(
            outcome.End == ProgramEnd.TimedOut ? RuntimeErrorIds.PluginTimeout
                : silent && outcome.End == ProgramEnd.Exited ? RuntimeErrorIds.PluginProtocolError
                : RuntimeErrorIds.PluginFailed,
            CniErrorCode.Unknown,
            silent ? $"netplugin failed with no error message: {end}" : $"netplugin failed: {GoText.Quote(Encoding.UTF8.GetString(outcome.Error.Span))}: {end}",
            outcome)
        {
            PluginType = type,
            Verb = request.Verb.ToCommand(),
            Target = outcome.Command.Path,
            RecommendedAction = Advice(outcome),
        };
    }

    /// <summary>The error of a program that exited with 0 but printed no result.</summary>
    internal static CniException NoResult(ProgramOutcome outcome, PluginRequest request, string type, CniException problem) =>
        new ProgramException(
            outcome.Output.IsEmpty || problem.ErrorId == CniErrorIds.InvalidJson ? RuntimeErrorIds.PluginProtocolError : problem.ErrorId,
            problem.Code,
            problem.Msg,
            outcome,
            problem.Details,
            problem)
        {
            PluginType = type,
            Verb = request.Verb.ToCommand(),
            Target = outcome.Command.Path,
            RecommendedAction = "The plugin said that it succeeded, but its output is no result: run it by hand, or update it.",
        };

    private static ProgramException TimedOut(ProgramOutcome outcome, PluginRequest request, string type)
    {
        string time = outcome.Command.Timeout!.Value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return new ProgramException(
            RuntimeErrorIds.PluginTimeout, CniErrorCode.Unknown, $"{outcome.Command.Path} did not end within {time} s and was killed", outcome)
        {
            PluginType = type,
            Verb = request.Verb.ToCommand(),
            Target = outcome.Command.Path,
            RecommendedAction = "Give it longer (-Timeout), or find out what it waits for.",
        };
    }

    private static ProgramException Answered(ProgramOutcome outcome, PluginRequest request, string type)
    {
        string problem;
        try
        {
            return Decode(JsonText.Parse(outcome.Output, null, "").Root, outcome, request, type);
        }
        catch (CniException e)
        {
            problem = e.Msg;
        }

        string said = GoText.Quote(Encoding.UTF8.GetString(outcome.Output.Span));
        return new ProgramException(
            RuntimeErrorIds.PluginProtocolError,
            CniErrorCode.Unknown,
            $"netplugin failed but error parsing its diagnostic message {said}: {problem}",
            outcome)
        {
            PluginType = type,
            Verb = request.Verb.ToCommand(),
            Target = outcome.Command.Path,
            RecommendedAction = "The plugin failed, but its output is no error object: run it by hand, or update it.",
        };
    }

    private static ProgramException Decode(JsonElement json, ProgramOutcome outcome, PluginRequest request, string type)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw Undecodable($"it must be an object, not {JsonKind.WithArticle(json)}");
        }

        JsonFields fields = new(json, ignoreCase: true);
        CniErrorCode code = Code(fields);
        return new ProgramException(RuntimeErrorIds.PluginFailed, code, Text(fields, "msg"), outcome, Text(fields, "details"))
        {
            PluginType = type,
            Verb = request.Verb.ToCommand(),
            RecommendedAction = code switch
            {
                CniErrorCode.IncompatibleCniVersion =>
                    $"Set \"cniVersion\" to a version that it speaks: echo '{{}}' | env CNI_COMMAND=VERSION {outcome.Command.Path} shows them.",
                CniErrorCode.TryAgainLater => "Try again later.",
                _ => null,
            },
        };
    }

    private static CniErrorCode Code(JsonFields fields)
    {
        if (!fields.TryGet("code", out _, out JsonElement code) || code.ValueKind == JsonValueKind.Null)
        {
            return CniErrorCode.Unknown;
        }

        return code.ValueKind == JsonValueKind.Number && code.TryGetUInt64(out ulong number)
            ? (CniErrorCode)(int)Math.Min(number, int.MaxValue)
            : throw Undecodable($"key \"code\" must be a whole number, not {code.GetRawText()}");
    }

    private static string Text(JsonFields fields, string key)
    {
        fields.TryGet(key, out _, out JsonElement text);
        return text.ValueKind switch
        {
            JsonValueKind.String => text.GetString()!,
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ => throw Undecodable($"key \"{key}\" must be a string, not {JsonKind.WithArticle(text)}"),
        };
    }

    private static CniException Undecodable(string problem) => new(CniErrorIds.InvalidJson, CniErrorCode.DecodingFailure, problem);

    private static string? Advice(ProgramOutcome outcome) => (outcome.End, outcome.Status) switch
    {
        (ProgramEnd.NotStarted, 13) => $"The file may not be executed: chmod +x {outcome.Command.Path}", // EACCES
        (ProgramEnd.NotStarted, 8) => "The file is no program of this machine: is it another architecture's, or a script without #!?", // ENOEXEC
        (ProgramEnd.NotStarted, 2) => "The program or its interpreter is missing. In another namespace than this process's, nsenter (util-linux) is needed too.",
        (ProgramEnd.NotStarted, 26) => "Somebody is writing the plugin's file: try again when its installation is complete.", // ETXTBSY
        _ => null,
    };
}
