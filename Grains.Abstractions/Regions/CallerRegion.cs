namespace Hype.Grains.Abstractions.Regions;

/// <summary>
/// The region in which a chain of grain calls started. Orleans passes it with each call, and new grains are activated in a silo of that
/// region.
/// </summary>
public static class CallerRegion
{
    /// <summary>The key of the region in Orleans' request context, which a grain's calls inherit from the call that it executes.</summary>
    public const string ContextKey = "hype.region";
}
