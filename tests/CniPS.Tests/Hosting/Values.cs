using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;

namespace CniPS.Tests.Hosting;

/// <summary>A value for any parameter, as a person would write it.</summary>
internal static class Values
{
    // What a parameter's type alone does not say.
    private static readonly Dictionary<string, object> s_named = new()
    {
        ["Subnet"] = "10.77.0.0/24",
        ["StaticAddress"] = "10.77.0.5/24",
        ["Bandwidth"] = "100mbit",
        ["Route"] = "default",
        ["Interval"] = 0.01,
        ["Json"] = """{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "dummy"}]}""",
        ["Path"] = "/run/sample.conflist",
        ["OutFile"] = "/run/sample.conflist",
        ["SocketPath"] = "/run/other.sock",
        ["IPAddress"] = "10.77.0.5",
        ["MacAddress"] = "02:00:00:00:00:01",
        ["CniArgs"] = "K=V",
        ["PortMapping"] = "8080:80/tcp",
        ["Plugin"] = "bridge",
        ["To"] = "other",
        ["Filter"] = "tcp port 80",
        ["Link"] = "lo",
        ["CachePath"] = "/run/sample-cache",
        ["ThrottleLimit"] = 4,
    };

    internal static object For(ParameterMetadata parameter, PSObject? plan)
    {
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set)
        {
            return set.ValidValues[0];
        }

        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        type = type.GetElementType() ?? type;
        return parameter.Name == "Continuous" ? false // it would not end
            : type == typeof(SwitchParameter) || type == typeof(bool) ? true
            : type == typeof(PSSession) ? Array.Empty<PSSession>() // nobody is asked
            : type == typeof(CniPlan) ? plan!
            : type == typeof(object) && parameter.Name == "Plugin" ? new Hashtable { ["type"] = "dummy" }
            : s_named.TryGetValue(parameter.Name, out object? value) ? value
            : type.IsEnum ? Enum.GetNames(type)[0]
            : type == typeof(int) ? 1500
            : type == typeof(ushort) ? 8099
            : type == typeof(TimeSpan) ? 5
            : type == typeof(IPAddress) ? "10.77.0.1"
            : type == typeof(IDictionary) ? new Hashtable { ["mtu"] = 1400 }
            : "sample";
    }
}
