namespace CniPS.Runtime;

/// <summary>How bad a problem of a network is.</summary>
public enum ProblemSeverity
{
    /// <summary>The network can be used; but somebody has probably made a mistake, or will be surprised.</summary>
    Warning,

    /// <summary>ADD fails, or what it makes does not work.</summary>
    Error,
}
