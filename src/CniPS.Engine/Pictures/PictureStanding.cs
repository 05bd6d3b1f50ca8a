namespace CniPS.Pictures;

/// <summary>How a part of a picture stands to a plan.</summary>
public enum PictureStanding
{
    /// <summary>It is there, and stays.</summary>
    Present,

    /// <summary>It is not there; the plan makes it.</summary>
    Added,

    /// <summary>It is there; the plan removes it.</summary>
    Removed,
}
