namespace Hype.Grains.Abstractions.Regions;

/// <summary>The region of a call's origin, which travels with the call: placement activates a new grain near its first caller.</summary>
public static class CallerRegion
{
    /// <summary>The key in Orleans' request context. A grain passes the value on with its own calls.</summary>
    public const string ContextKey = "hype.region";
}
