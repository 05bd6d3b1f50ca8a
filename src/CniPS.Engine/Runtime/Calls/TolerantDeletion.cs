using System;
using System.Collections.Generic;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// DEL of a native plugin, whatever its configuration says by now: what can't be understood of it is left out, with a warning, and DEL goes on
/// with the rest; what must be there and is not is forgiven. What ADD made is found by the attachment's name, not by the configuration; a
/// mistake in it, or in CNI_ARGS, must not keep it for ever.
/// </summary>
internal static class TolerantDeletion
{
    private const string Arguments = "CNI_ARGS";

    /// <summary>Runs it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="delete">DEL; it reads the configuration before it changes anything, and does no harm when it is done again.</param>
    /// <param name="warn">Is told what is left out.</param>
    /// <exception cref="CniException">Something else failed, or what is wrong with the configuration is not a key of it.</exception>
    internal static void Run(PluginRequest request, Action<PluginRequest> delete, Action<string>? warn)
    {
        HashSet<string> left = new(StringComparer.Ordinal);
        while (true)
        {
            try
            {
                delete(request);
                return;
            }
            catch (CniException e) when (KeyOf(e) is { } key && left.Add(key))
            {
                warn?.Invoke($"{e.Message}: DEL goes on without \"{key}\".");
                request = key == Arguments ? request with { Args = CniArgs.Empty } : request with { Config = Without(request.Config, key) };
                request = Forgiving(request, left);
            }
        }
    }

    // The same, where it is no error that one of these keys is missing.
    private static PluginRequest Forgiving(PluginRequest request, HashSet<string> left)
    {
        PluginConfiguration configuration = request.Configuration;
        return request with
        {
            IsReduced = true,
            Configuration = configuration.Collecting(configuration.Name ?? "", configuration.CniVersion ?? "", error =>
            {
                if (KeyOf(error) is not { } key || !left.Contains(key))
                {
                    throw error;
                }
            }),
        };
    }

    // The key of the configuration that an error is about; within ipam, the key there.
    private static string? KeyOf(CniException error)
    {
        if (error is not (ProgramException or PluginCallException) && error.ErrorId == CniErrorIds.InvalidArgs)
        {
            return Arguments;
        }

        if (error.ErrorId == CniErrorIds.InvalidResult)
        {
            return "prevResult";
        }

        if (error is ProgramException or PluginCallException || error.ErrorId != CniErrorIds.InvalidNetworkConfig || error.Target is not string { Length: > 0 } path)
        {
            return null;
        }

        string[] names = path.Split('.', '[');
        return names[0] == "ipam" && names.Length > 1 && names[1].Length > 0 ? $"ipam.{names[1]}" : names[0];
    }

    private static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> config, string key)
    {
        string[] names = key.Split('.');
        JsonText text = JsonText.Parse(config, null, "");
        return JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            foreach ((string name, var value) in new JsonFields(text.Root, ignoreCase: true).All)
            {
                bool isIt = string.Equals(name, names[0], StringComparison.OrdinalIgnoreCase);
                if (isIt && names.Length == 1)
                {
                    continue;
                }

                writer.WritePropertyName(name);
                if (isIt && value.ValueKind == System.Text.Json.JsonValueKind.Object)
                {
                    writer.WriteStartObject();
                    foreach ((string inner, var innerValue) in new JsonFields(value, ignoreCase: true).All)
                    {
                        if (!string.Equals(inner, names[1], StringComparison.OrdinalIgnoreCase))
                        {
                            writer.WritePropertyName(inner);
                            JsonBytes.Copy(writer, innerValue);
                        }
                    }

                    writer.WriteEndObject();
                }
                else
                {
                    JsonBytes.Copy(writer, value);
                }
            }

            writer.WriteEndObject();
        });
    }
}
